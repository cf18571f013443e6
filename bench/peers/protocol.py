"""A peer reads requests, a JSON object a line, and answers each by a line; timing.ts has the other end."""

import json
import sys
import time


def serve(build):
    """`build` takes a case to a function that runs one step and returns its objective, a number."""
    out, sys.stdout = sys.stdout, sys.stderr
    step = None

    def answer(value):
        print(json.dumps(value), file=out, flush=True)

    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "case" in request:
                started = time.perf_counter()
                step = build(request["case"])
                step()
                answer({"seconds": time.perf_counter() - started})
            else:
                answer(timed(step, request["seconds"]))
        except Exception as error:
            answer({"error": f"{type(error).__name__}: {error}".splitlines()[0][:300]})


def timed(step, seconds):
    times, objectives = [], []
    end = time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        before = time.perf_counter()
        objectives.append(step())
        times.append(1000 * (time.perf_counter() - before))
    return {"times": times, "objectives": objectives}

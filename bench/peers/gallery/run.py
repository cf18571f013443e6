"""python bench/peers/gallery/run.py [--seeds n] [entry…]: trains the entries, all by default, and puts their figures in bench/results/gallery-peers.json."""

import argparse
import json
import math
import os
import statistics
from pathlib import Path

import torch

from entries import ENTRIES
from train import Diverged

THREADS = 1
RESULTS = Path(__file__).parents[2] / "results" / "gallery-peers.json"


def cpu():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "unknown")


def attempted(entry, seed):
    try:
        return entry.run(seed)
    except Diverged as e:
        return {"seed": seed, "diverged": str(e)}


def worth(run):
    return -run["reverseKl"] if "reverseKl" in run else run.get("heldOut", -math.inf)


def figures(runs):
    """The run with the median figure stands for the entry, one that diverged being the worst; seconds are the median."""
    runs = sorted(runs, key=worth)
    median = runs[len(runs) // 2]
    if "diverged" in median:
        return {}
    return {
        **{key: value for key, value in median.items() if key != "seed"},
        **{key: statistics.median(r[key] for r in runs if key in r) for key in ("seconds", "cpuSeconds")},
    }


def summary(name, entry, runs, load):
    return {
        "entry": name,
        "architecture": entry.architecture,
        "parameters": sum(p.numel() for p in entry.model().parameters()),
        "budget": entry.budget,
        "seeds": [r["seed"] for r in runs],
        **figures(runs),
        "threads": THREADS,
        "torch": torch.__version__,
        "machine": cpu(),
        "loaded": load > 1.2,
        "runs": runs,
    }


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def save(result):
    results = {r["entry"]: r for r in json.loads(RESULTS.read_text())} if RESULTS.exists() else {}
    results[result["entry"]] = rounded(result)
    order = [*ENTRIES, *sorted(set(results) - set(ENTRIES))]
    RESULTS.write_text(json.dumps([results[name] for name in order if name in results], indent=2, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description="Trains the gallery's peers; see README.md.")
    parser.add_argument("entries", nargs="*", metavar="entry", help=f"all by default: {', '.join(ENTRIES)}")
    parser.add_argument("--seeds", type=int, help="how many of each entry's seeds, all by default")
    options = parser.parse_args()
    names = options.entries or list(ENTRIES)
    unknown = [name for name in names if name not in ENTRIES]
    if unknown:
        parser.error(f"no entry {', '.join(unknown)}; there are {', '.join(ENTRIES)}")
    torch.set_num_threads(THREADS)
    seeds = {name: ENTRIES[name].seeds[: options.seeds] for name in names}
    runs, loads = {name: [] for name in names}, {name: 0.0 for name in names}
    for i in range(max(map(len, seeds.values()))):
        for name in names:
            if i < len(seeds[name]):
                before = os.getloadavg()[0]
                runs[name].append(attempted(ENTRIES[name], seeds[name][i]))
                loads[name] = max(loads[name], before, os.getloadavg()[0])
                print(name, json.dumps(rounded(runs[name][-1])), flush=True)
                save(summary(name, ENTRIES[name], runs[name], loads[name]))


if __name__ == "__main__":
    main()

"""The matrix products of a layer's training, by numpy with OpenBLAS."""

import os
import sys

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = sys.argv[1]

import numpy as np  # noqa: E402
from protocol import serve  # noqa: E402


def build(case):
    rows, width, layers = case["rows"], case["width"], case["layers"]
    random = np.random.default_rng(1)
    draw = lambda *shape: (random.standard_normal(shape) / np.sqrt(width)).astype(np.float32)
    weights = [draw(width, width) for _ in range(layers)]
    value, cotangent = draw(rows, width), draw(rows, width)

    def step():
        values, cotangents = [value], [cotangent]
        for w in weights:
            values.append(values[-1] @ w)
        for w in weights:
            cotangents.append(cotangents[-1] @ w.T)
        return float(sum(v.T @ g for v, g in zip(values, cotangents[1:]))[0, 0])

    return step


serve(build)

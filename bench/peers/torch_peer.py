"""Steps in PyTorch, eager, with its own gradients and Adam."""

import sys

import torch

from objective import objective
from protocol import serve

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)


def strict_triangle(values, d):
    rows, columns = torch.tril_indices(d, d, -1)
    return torch.zeros(d, d).index_put((rows, columns), values)


def scan_sum(step, carry, xs):
    total = 0
    for x in xs.unbind():
        carry, term = step(carry, x)
        total = total + term
    return total


class xp:
    abs, asinh, exp, log, log1p, sqrt, tanh, where, zeros_like = torch.abs, torch.asinh, torch.exp, torch.log, torch.log1p, torch.sqrt, torch.tanh, torch.where, torch.zeros_like
    relu, softplus = torch.relu, torch.nn.functional.softplus
    logaddexp, scan_sum = torch.logaddexp, scan_sum
    stop, diagonal, strict_triangle = torch.detach, torch.diag, strict_triangle
    softmax = staticmethod(lambda x: torch.softmax(x, -1))
    cumsum = staticmethod(lambda x: torch.cumsum(x, -1))
    concatenate = staticmethod(lambda xs: torch.cat(xs, -1))
    pick = staticmethod(lambda values, index: torch.gather(values, -1, index))
    solve_lower = staticmethod(lambda matrix, b: torch.linalg.solve_triangular(matrix, b, upper=False))


def array(values):
    return torch.tensor(values, dtype=torch.float32)


def build(case):
    params = {path: array(leaf["data"]).reshape(leaf["shape"]).requires_grad_() for path, leaf in case["parameters"].items()}
    data = {name: array(values) for name, values in case["data"].items()}
    normals = lambda n: torch.randn(case["draws"], n)
    optimiser = torch.optim.Adam(params.values(), lr=case["rate"])

    def run():
        loss = -objective(xp, params, normals, data, case)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return -loss.item()

    return run


serve(build)

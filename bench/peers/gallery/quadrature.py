"""Divergences between a flow and a target in the plane, by the midpoint rule."""

import torch

from train import log_densities


def divergences(flow, target, bound=4.0, cells=1600):
    """Both Kullback–Leibler divergences over the square [-bound, bound]², and the flow's mass there. In float64 but for the flow."""
    middles = ((torch.arange(cells, dtype=torch.float64) + 0.5) / cells * 2 - 1) * bound
    grid = torch.cartesian_prod(middles, middles)
    q = log_densities(flow, [grid.float(), None], chunk=100_000)
    p = torch.as_tensor(target.log_density(grid.numpy(), None))
    cell = (2 * bound / cells) ** 2
    mean = lambda log_weights, values: (log_weights.exp() * torch.where(log_weights > -700, values, 0.0)).sum().item() * cell
    return {"reverseKl": mean(q, q - p), "forwardKl": mean(p, p - q), "mass": q.exp().sum().item() * cell}

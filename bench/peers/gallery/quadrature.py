"""A divergence between a flow and a target in the plane, by the midpoint rule."""

from copy import deepcopy

import torch

from train import log_densities


def reverse_divergence(flow, target, bound=4.0, cells=800):
    """KL(flow ‖ target) over the square [-bound, bound]², and the flow's mass there, in float64."""
    middles = ((torch.arange(cells, dtype=torch.float64) + 0.5) / cells * 2 - 1) * bound
    grid = torch.cartesian_prod(middles, middles)
    q = log_densities(deepcopy(flow).double(), [grid, None])
    q = torch.where(q.isnan(), -torch.inf, q)  # so far from the base that it overflows
    mass = q.exp() * (2 * bound / cells) ** 2
    p = torch.as_tensor(target.log_density(grid.numpy(), None))
    return {"reverseKl": torch.where(mass > 0, mass * (q - p), 0.0).sum().item(), "mass": mass.sum().item()}

"""Trains a density on its target, and judges it by fresh points."""

import numpy as np
import torch

import quadrature
from train import Diverged, by_epochs, by_reverse_kl, by_steps, log_densities, timed

HELD_OUT = 10_000


def drawn(target, n, rng):
    """Points and contexts in float32 for the flow, and in float64 for the truth."""
    exact = target.draw(n, rng)
    return [None if part is None else torch.tensor(part, dtype=torch.float32) for part in exact], exact


def trained(entry, flow, rng):
    """Trains the flow. Gives the seconds and the mean log density of the training points, at the end and as an average of the last steps."""
    b = entry.budget
    if "draws" in b:
        seconds, last = timed(lambda: by_reverse_kl(flow, entry.target.unnormalised, b["draws"], b["batch"], b["epochs"], b["rates"]))
        return {**seconds, "elbo": last}
    if "fresh" in b:
        seconds, last = timed(lambda: by_steps(flow, lambda: drawn(entry.target, b["fresh"], rng)[0], b["steps"], b["rate"]))
        return {**seconds, "training": last}
    points, _ = drawn(entry.target, b["points"], rng)
    epochs = b.get("epochs", b.get("steps"))
    seconds, last = timed(lambda: by_epochs(flow, points, epochs, b["batch"], b["rate"]))
    return {**seconds, "training": log_densities(flow, points).mean().item(), "lastEpoch": last}


def error(values):
    return values.std().item() / len(values) ** 0.5


def run(entry, seed):
    torch.manual_seed(seed)
    flow = entry.model()
    figures = trained(entry, flow, np.random.default_rng(seed))
    held_out, exact = drawn(entry.target, HELD_OUT, np.random.default_rng(0))
    values = log_densities(flow, held_out)
    if not torch.isfinite(values).all():
        raise Diverged(f"{(~torch.isfinite(values)).sum()} held-out log densities are not finite")
    truth = None if entry.target.log_density is None else entry.target.log_density(*exact)
    more = {} if truth is None else {"limit": truth.mean(), "kl": (truth - values.numpy()).mean(), "klError": error(torch.tensor(truth) - values)}
    if "draws" in entry.budget:
        more |= quadrature.reverse_divergence(flow, entry.target)
    return {"seed": seed, **figures, "heldOut": values.mean().item(), "error": error(values), **more}

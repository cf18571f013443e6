"""Training by Adam: on a data set by epochs, on fresh points by steps, on an unnormalised density by the reverse KL."""

import math
import time

import torch

from flows import standard_normal


class Diverged(ArithmeticError):
    pass


def cosine(rate, steps, warm_up=0.05):
    """The rate after so many steps, as the library's `cosine` has it: warmed up, then half a cosine down to a hundredth."""

    def after(step):
        progress = step / steps
        if progress < warm_up:
            return rate * progress / warm_up
        return rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (progress - warm_up) / (1 - warm_up))))

    return after


def minimise(flow, losses, rate):
    """One step of Adam for each loss of `losses`, at one rate or a schedule of it; the losses' values, looked at every hundred steps."""
    optimiser = torch.optim.Adam(flow.parameters(), lr=rate if isinstance(rate, float) else 0.0, fused=True)
    values = []
    for loss in losses:
        if callable(rate):
            optimiser.param_groups[0]["lr"] = rate(len(values) + 1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        values.append(loss.detach())
        if len(values) % 100 == 0 and not values[-1].isfinite():
            raise Diverged(f"the loss is not finite after {len(values)} steps")
    return values


def timed(run):
    """The seconds of a run by the clock and of the processor, and what it gave."""
    start, start_cpu = time.perf_counter(), time.process_time()
    result = run()
    return {"seconds": time.perf_counter() - start, "cpuSeconds": time.process_time() - start_cpu}, result


def rows(data, index):
    return [None if part is None else part[index] for part in data]


def by_epochs(flow, data, epochs, batch, rate):
    """Each epoch a fresh permutation, its last partial batch dropped. Gives the mean log density over the last epoch's batches."""
    n = len(data[0])
    batches = n // batch

    def losses():
        for _ in range(epochs):
            order = torch.randperm(n)
            for i in range(batches):
                yield -flow.log_density(*rows(data, order[i * batch : (i + 1) * batch])).mean()

    return -torch.stack(minimise(flow, losses(), rate)[-batches:]).mean().item()


def by_steps(flow, draw, steps, rate):
    """`draw()` gives the points of a step, fresh ones or all. Gives the mean log density over the last hundredth of the steps."""
    losses = minimise(flow, (-flow.log_density(*draw()).mean() for _ in range(steps)), rate)
    return -torch.stack(losses[-max(1, steps // 100) :]).mean().item()


def by_reverse_kl(flow, log_target, draws, batch, epochs, rates):
    """For each rate a new optimiser and `draws` new base draws, kept for its epochs, in batches (the last partial). Gives the last epoch's ELBO."""
    for rate in rates:
        z = torch.randn(draws, flow.size)

        def losses():
            for _ in range(epochs):
                for part in z.split(batch):
                    x, log_det = flow(part)
                    yield (standard_normal(part) - log_det - log_target(x)).mean()

        values = minimise(flow, losses(), rate)
    per_epoch = -(-draws // batch)
    return -torch.stack(values[-per_epoch:]).mean().item()


def log_densities(flow, data, chunk=10_000):
    """Log densities of rows, in float64 without gradients."""
    with torch.no_grad():
        parts = zip(data[0].split(chunk), [None] * len(data[0]) if data[1] is None else data[1].split(chunk))
        return torch.cat([flow.log_density(x, c) for x, c in parts]).double()

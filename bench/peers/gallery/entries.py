"""The entries: of each its target, architecture, budget and seeds. README.md says where they are as published and where not."""

from dataclasses import dataclass
from typing import Callable

import data
import density
import vae
from flows import Flow, Spline, SplineCoupling, mlp, real_nvp


@dataclass(frozen=True)
class Entry:
    target: data.Target
    model: Callable[[], Flow]
    architecture: str
    budget: dict
    seeds: tuple = (1, 2, 3)

    def run(self, seed):
        return density.run(self, seed)


@dataclass(frozen=True)
class VaeEntry:
    posterior: str
    flow_prior: bool
    budget: dict
    seeds: tuple = (1,)

    def model(self):
        return vae.Vae(self.posterior, self.flow_prior)

    def run(self, seed):
        return vae.run(self.posterior, self.flow_prior, seed)

    @property
    def architecture(self):
        return vae.architecture(self.posterior, self.flow_prior)


# Of the ring's text: s = tanh of a network, the last layers start at 0, and a coupling's own direction is from data to base.
def ring_flow(couplings=6, width=128, **options):
    return lambda: real_nvp(2, couplings, [width, width], towards="base", bound=1, start="zero", **options)


def of_ring(couplings=6, width=128):
    return (
        f"RealNVP: {couplings} affine couplings, s = tanh(network), t by a network of its own, {width} × {width}, ReLU, "
        "last layers from 0, x ↦ x exp(s) + t from data to base"
    )


def of_letters(width):
    return f"RealNVP: 8 affine couplings, s and t by networks of their own, {width} × {width}, leaky ReLU 0.01, s unbounded, z ↦ z exp(s) + t from base to data"


def letters_flow(size, width, **options):
    return lambda: real_nvp(size, 8, [width, width], activation="leaky relu", **options)


RING = {"points": 2000, "epochs": 300, "batch": 256, "rate": 1e-3}
CIRCLES = {"points": 1000, "batch": 1000}

# Where trainings diverge or end in several optima.
FIVE, SEVEN = tuple(range(1, 6)), tuple(range(1, 8))

ENTRIES = {
    "ring": Entry(data.ring, ring_flow(), of_ring(), RING),
    "ring-by-mode": Entry(data.ring_by_mode, ring_flow(context=8), of_ring() + ", the mode one-hot beside each network's input", RING),
    "ring-by-radius": Entry(
        data.ring_by_radius,
        lambda: ring_flow(context=16, embedding=mlp(1, [16], 16))(),
        of_ring() + ", beside each network's input the radius by one network 1 → 16 → 16, ReLU",
        {**RING, "epochs": 1000},
    ),
    "letters": Entry(data.letters, letters_flow(2, 32), of_letters(32), {"points": 5000, "epochs": 600, "batch": 256, "rate": 1e-3}, SEVEN),
    "double-moon": Entry(
        data.double_moon, letters_flow(2, 32), of_letters(32), {"draws": 5000, "epochs": 100, "batch": 1024, "rates": [1e-3, 3e-4, 1e-4]}, FIVE
    ),
    "swiss-roll": Entry(data.swiss_roll,
        letters_flow(3, 32, units=([0.0, 10.5, 0.0], [7.0, 6.0, 7.0])),
        of_letters(32) + "; then the fixed y = (0, 10.5, 0) + (7, 6, 7) x",
        {"points": 5000, "epochs": 500, "batch": 256, "rate": 1e-3},
        FIVE),
    "two-moons": Entry(
        data.two_moons,
        lambda: real_nvp(2, 8, [128, 128], bound=2.5, start="zero"),
        "RealNVP: 8 affine couplings, s = 2.5 tanh(network), t by a network of its own, 128 × 128, ReLU, last layers from 0, z ↦ z exp(s) + t from base to data",
        {"fresh": 1024, "steps": 4000, "rate": 1e-3},
    ),
    "conditional-double-moon": Entry(
        data.conditional_double_moon,
        lambda: letters_flow(2, 16, context=4, embedding=mlp(3, [16, 16], 4))(),
        of_letters(16) + ", beside each network's input the context by one network 3 → 16 → 16 → 4, ReLU",
        {"points": 5000, "epochs": 500, "batch": 256, "rate": 1e-3},
    ),
    "circles-spline": Entry(
        data.two_circles,
        lambda: Flow(2, [Spline([0, 1], 16, 3)]),
        "rational-quadratic splines of 16 bins on [-3, 3], one for each coordinate, from the identity",
        {**CIRCLES, "steps": 1000, "rate": 1e-2},
    ),
    "circles-spline-coupling": Entry(
        data.two_circles,
        lambda: Flow(2, [SplineCoupling(2, "last", [20, 20], 16, 3), Spline([0], 16, 3)]),
        "x2 = spline of z2 by a network of z1, 20 × 20, ReLU, last layer from 0; then x1 = spline of z1; rational-quadratic, 16 bins on [-3, 3]",
        {**CIRCLES, "steps": 5000, "rate": 5e-3},
    ),
    "circles-conditional-spline": Entry(
        data.two_circles,
        lambda: Flow(2, [Spline([0], 8, 3), SplineCoupling(2, "last", [10, 10], 8, 3)]),
        "x1 = spline of z1; then x2 = spline of z2 by a network of x1, 10 × 10, ReLU, last layer from 0; rational-quadratic, 8 bins on [-3, 3]",
        {**CIRCLES, "steps": 5000, "rate": 3e-3},
        SEVEN,
    ),
    **{
        f"depth-{n}": Entry(data.ring, ring_flow(couplings=n), of_ring(couplings=n), RING, (1,))
        for n in (2, 4, 8, 16, 50, 100)
    },
    **{f"width-{n}": Entry(data.ring, ring_flow(width=n), of_ring(width=n), RING, (1,)) for n in (16, 32, 64, 128)},
    **{
        f"vae-{posterior}{'-flow-prior' if flow_prior else ''}": VaeEntry(posterior, flow_prior, vae.BUDGET)
        for flow_prior in (False, True)
        for posterior in vae.POSTERIORS
    },
}

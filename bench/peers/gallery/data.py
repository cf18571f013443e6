"""The targets of models/gallery/targets, by the same formulas: points, contexts and exact log densities in float64.

`draw(n, rng)` gives (x [n, d], context [n, c] or None); `log_density(x, context)` gives [n], where p(x) is known and not singular.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import torch
from scipy.special import ive, logsumexp


@dataclass(frozen=True)
class Target:
    draw: Callable
    log_density: Callable | None = None
    unnormalised: Callable | None = None
    """Of tensors [n, d], where a flow is trained on the density rather than on points."""


def log_normal(squares, sd, size=2):
    return -0.5 * squares / sd**2 - 0.5 * size * np.log(2 * math.pi * sd**2)


def blurred_curve(x, curve, sd, start, end, nodes=1000):
    """log p of points [n, d] uniform in the parameter of a curve, with normal noise, by Gauss–Legendre quadrature; `curve` and `sd` may differ by row."""
    u, w = np.polynomial.legendre.leggauss(nodes)
    squares = ((x[:, None] - curve((start + end) / 2 + (end - start) / 2 * u)) ** 2).sum(-1)
    return logsumexp(log_normal(squares, sd, x.shape[1]), b=w / 2, axis=1)


def in_parts(log_density, rows=500):
    return lambda x, context=None: np.concatenate(
        [log_density(x[i : i + rows], None if context is None else context[i : i + rows]) for i in range(0, len(x), rows)]
    )


# Eight normal distributions of standard deviation 0.25 around the circle of radius 3.

MODES, RADIUS, SD = 8, 3, 0.25
ANGLES = 2 * np.pi * np.arange(MODES) / MODES
CENTRES = RADIUS * np.stack([np.cos(ANGLES), np.sin(ANGLES)], 1)


def ring_points(n, rng):
    mode = rng.integers(MODES, size=n)
    return CENTRES[mode] + SD * rng.standard_normal((n, 2)), mode


def by_centre(x):
    return log_normal(((x[:, None] - CENTRES) ** 2).sum(-1), SD)


def ring_by_mode_points(n, rng):
    x, mode = ring_points(n, rng)
    return x, np.eye(MODES)[mode]


def ring_by_radius_points(n, rng):
    x, _ = ring_points(n, rng)
    return x, np.linalg.norm(x, axis=1, keepdims=True)


ring = Target(lambda n, rng: (ring_points(n, rng)[0], None), lambda x, _: logsumexp(by_centre(x), axis=1) - math.log(MODES))
ring_by_mode = Target(ring_by_mode_points, lambda x, mode: (by_centre(x) * mode).sum(1))
ring_by_radius = Target(ring_by_radius_points)


# Two half ellipses, one the other turned about the origin. With dilation 1 these are scikit-learn's two moons, moved.

MOONS_NOISE, MOONS_MIDDLE = 0.06, np.array([0.5, 0.25])


def upper_moon(dilation):
    return lambda t: np.stack(np.broadcast_arrays(np.cos(t) - 0.5, dilation * np.sin(t) - 0.25), -1)


def moon_points(moon, noise, dilation, rng):
    points = upper_moon(dilation)(rng.uniform(0, np.pi, len(moon))) * (1 - 2 * moon)[:, None]
    return points + np.broadcast_to(noise, len(moon))[:, None] * rng.standard_normal(points.shape)


def two_moons_points(n, rng):
    return MOONS_MIDDLE + moon_points(rng.integers(2, size=n), MOONS_NOISE, 1, rng), None


def two_moons_log_density(x, _):
    upper = lambda x: blurred_curve(x, upper_moon(1), MOONS_NOISE, 0, np.pi)
    return np.logaddexp(upper(x - MOONS_MIDDLE), upper(MOONS_MIDDLE - x)) - math.log(2)


two_moons = Target(two_moons_points, in_parts(two_moons_log_density))


# The double moon by an unnormalised density: log Normal(r; 1, 0.1), which integrates to 2π.

SHIFT, MOON_SD = 0.5, 0.1


def double_moon_points(n, rng):
    s = MOON_SD * rng.standard_normal(n)
    r = 1 + np.where(rng.uniform(size=n) < (1 + s) / 2, s, -s)
    t = rng.uniform(0, np.pi, n)
    upper = np.stack([r * np.cos(t) - SHIFT, r * np.sin(t)], 1)
    return np.where(rng.uniform(size=(n, 1)) < 0.5, upper, -upper), None


def double_moon_unnormalised(x):
    r = torch.hypot(x[:, 0] + torch.where(x[:, 1] > 0, SHIFT, -SHIFT), x[:, 1])
    return -0.5 * ((r - 1) / MOON_SD) ** 2 - 0.5 * math.log(2 * math.pi * MOON_SD**2)


double_moon = Target(
    double_moon_points,
    lambda x, _: double_moon_unnormalised(torch.tensor(x)).numpy() - math.log(2 * math.pi),
    double_moon_unnormalised,
)


# Two circles, radii 1 and 0.5 with normal noise 0.05, standardised by the distribution's own standard deviation.

RADII, CIRCLES_NOISE = np.array([1, 0.5]), 0.05
CIRCLES_SD = math.sqrt((RADII**2).sum() / 4 + CIRCLES_NOISE**2)


def two_circles_points(n, rng):
    t = rng.uniform(0, 2 * np.pi, n)
    points = RADII[rng.integers(2, size=n), None] * np.stack([np.cos(t), np.sin(t)], 1)
    return (points + CIRCLES_NOISE * rng.standard_normal((n, 2))) / CIRCLES_SD, None


def two_circles_log_density(x, _):
    r = CIRCLES_SD * np.linalg.norm(x, axis=1, keepdims=True)
    by_circle = -0.5 * ((r - RADII) / CIRCLES_NOISE) ** 2 + np.log(ive(0, r * RADII / CIRCLES_NOISE**2))
    return logsumexp(by_circle, axis=1) - math.log(4 * math.pi * CIRCLES_NOISE**2 / CIRCLES_SD**2)


two_circles = Target(two_circles_points, two_circles_log_density)


# The swiss roll: (t cos t, h, t sin t) with normal noise 0.5.

ROLL, HEIGHT, ROLL_NOISE = (1.5 * np.pi, 4.5 * np.pi), 21, 0.5


def swiss_roll_points(n, rng):
    t, h = rng.uniform(*ROLL, n), rng.uniform(0, HEIGHT, n)
    return np.stack([t * np.cos(t), h, t * np.sin(t)], 1) + ROLL_NOISE * rng.standard_normal((n, 3)), None


def swiss_roll_log_density(x, _):
    spiral = blurred_curve(x[:, [0, 2]], lambda t: np.stack([t * np.cos(t), t * np.sin(t)], -1), ROLL_NOISE, *ROLL)
    return spiral + blurred_curve(x[:, [1]], lambda h: h[:, None], ROLL_NOISE, 0, HEIGHT)


swiss_roll = Target(swiss_roll_points, in_parts(swiss_roll_log_density))


# A word: points uniform in the pixels of its letters, by the font of the TypeScript side.

WORD, SIDE = "WOW", 2 / 7
FONT = Path(__file__).parents[3] / "models" / "gallery" / "targets" / "font.ts"


def corners(word):
    glyphs = dict(re.findall(r"const ([A-Z]) = \[(.*?)\]", FONT.read_text(), re.DOTALL))
    picture = [" ".join(row) for row in zip(*(re.findall('"(.*?)"', glyphs[letter]) for letter in word), strict=True)]
    width = len(picture[0])
    return SIDE * np.array([(j - width / 2, 2.5 - i) for i, row in enumerate(picture) for j, pixel in enumerate(row) if pixel == "█"])


PIXELS = corners(WORD)


def letters_points(n, rng):
    return PIXELS[rng.integers(len(PIXELS), size=n)] + rng.uniform(0, SIDE, (n, 2)), None


letters = Target(letters_points, lambda x, _: np.full(len(x), -math.log(len(PIXELS) * SIDE**2)))


# The conditional double moon: a moon given which one, the noise and the vertical dilation.


def conditional_double_moon_points(n, rng):
    context = np.stack([rng.integers(2, size=n), rng.uniform(0.05, 0.3, n), rng.uniform(0.5, 1.5, n)], 1)
    return moon_points(context[:, 0], context[:, 1], context[:, 2], rng), context


def conditional_double_moon_log_density(x, context):
    moon, noise, dilation = context.T[..., None]
    return blurred_curve(x * (1 - 2 * moon), upper_moon(dilation), noise, 0, np.pi)


conditional_double_moon = Target(conditional_double_moon_points, in_parts(conditional_double_moon_log_density))

"""Flows on rows [n, size]. A flow maps draws of a standard normal to data; each layer maps rows to (rows, log |det J|), either way."""

import math

import torch
from torch import nn
from torch.nn import functional as F

FLOOR = 1e-3
RAW_OF_ONE = math.log(math.expm1(1 - FLOOR))
ACTIVATIONS = {"relu": nn.ReLU, "leaky relu": lambda: nn.LeakyReLU(0.01)}


def mlp(inputs, hidden, outputs, activation="relu", start="default"):
    """A multilayer perceptron with PyTorch's first weights; `start="zero"` zeroes the last layer, so that the outputs start at 0."""
    widths = [inputs, *hidden]
    layers = [m for a, b in zip(widths, widths[1:]) for m in (nn.Linear(a, b), ACTIVATIONS[activation]())]
    last = nn.Linear(widths[-1], outputs)
    if start == "zero":
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
    return nn.Sequential(*layers, last)


def standard_normal(z):
    return -0.5 * (z * z).sum(-1) - 0.5 * z.shape[-1] * math.log(2 * math.pi)


class Flow(nn.Module):
    """`layers` in order from the base to the data; `embedding` makes of a context what the layers are conditioned on."""

    def __init__(self, size, layers, embedding=None):
        super().__init__()
        self.size, self.layers, self.embedding = size, nn.ModuleList(layers), embedding

    def context(self, context):
        return context if context is None or self.embedding is None else self.embedding(context)

    def forward(self, z, context=None):
        context, total = self.context(context), 0
        for layer in self.layers:
            z, log_det = layer(z, context)
            total = total + log_det
        return z, total

    def inverse(self, x, context=None):
        context, total = self.context(context), 0
        for layer in reversed(self.layers):
            x, log_det = layer.inverse(x, context)
            total = total + log_det
        return x, total

    def log_density(self, x, context=None):
        z, log_det = self.inverse(x, context)
        return standard_normal(z) + log_det

    def sample(self, n, context=None):
        """Draws and their log densities, from one pass."""
        z = torch.randn(n, self.size)
        x, log_det = self.forward(z, context)
        return x, standard_normal(z) - log_det


class Inverted(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, context):
        return self.layer.inverse(x, context)

    def inverse(self, x, context):
        return self.layer(x, context)


class Affine(nn.Module):
    """y = shift + scale x by column, fixed."""

    def __init__(self, shift, scale):
        super().__init__()
        self.shift, self.scale = torch.tensor(shift), torch.tensor(scale)

    def forward(self, x, context):
        return self.shift + self.scale * x, self.scale.log().sum()

    def inverse(self, x, context):
        return (x - self.shift) / self.scale, -self.scale.log().sum()


class Coupling(nn.Module):
    """One part of a row passes and, with the context, conditions the map of the other."""

    def __init__(self, size, transform):
        super().__init__()
        half = size // 2
        first, second = slice(0, half), slice(half, size)
        self.transform = transform
        self.passive, self.active = (first, second) if transform == "last" else (second, first)
        self.passive_size, self.active_size = (half, size - half) if transform == "last" else (size - half, half)

    def through(self, x, context, inverse):
        kept = x[:, self.passive]
        given = kept if context is None else torch.cat([kept, context], -1)
        mapped, log_det = self.map(x[:, self.active], given, inverse)
        return torch.cat([kept, mapped] if self.transform == "last" else [mapped, kept], -1), log_det

    def forward(self, x, context):
        return self.through(x, context, False)

    def inverse(self, x, context):
        return self.through(x, context, True)


class AffineCoupling(Coupling):
    """y = x exp(s) + t with s and t by networks of their own; s = bound tanh(raw) where there is a bound."""

    def __init__(self, size, transform, hidden, context=0, bound=None, activation="relu", start="default"):
        super().__init__(size, transform)
        network = lambda: mlp(self.passive_size + context, hidden, self.active_size, activation, start)
        self.scale, self.shift, self.bound = network(), network(), bound

    def map(self, x, given, inverse):
        s, t = self.scale(given), self.shift(given)
        if self.bound is not None:
            s = self.bound * torch.tanh(s)
        return ((x - t) * torch.exp(-s), -s.sum(-1)) if inverse else (x * torch.exp(s) + t, s.sum(-1))


def rational_quadratic(x, raw, bound, inverse):
    """Monotone rational-quadratic splines on [-bound, bound], lines of slope 1 beyond (Durkan et al. 2019); raw [..., 3 bins - 1].

    Raw zeros give the identity. Returns values and log-derivatives, component by component.
    """
    bins = (raw.shape[-1] + 1) // 3
    share = lambda logits: 2 * bound * (FLOOR + (1 - bins * FLOOR) * torch.softmax(logits, -1))
    widths, heights = share(raw[..., :bins]), share(raw[..., bins : 2 * bins])
    slopes = F.softplus(F.pad(raw[..., 2 * bins :], (1, 1)) + RAW_OF_ONE) + FLOOR
    lefts, bottoms = (F.pad(sizes.cumsum(-1)[..., :-1], (1, 0)) - bound for sizes in (widths, heights))
    inside = x.abs() < bound
    u = torch.where(inside, x, 0.0)
    knots = bottoms if inverse else lefts
    bin = (u[..., None] >= knots[..., 1:]).sum(-1, keepdim=True)
    pick = lambda values: values.expand(*x.shape, values.shape[-1]).gather(-1, bin)[..., 0]
    left, width, bottom, height = map(pick, (lefts, widths, bottoms, heights))
    d0, d1, mean = pick(slopes[..., :-1]), pick(slopes[..., 1:]), height / width
    bend = d0 + d1 - 2 * mean
    if inverse:
        rise = u - bottom
        a, b = height * (mean - d0) + rise * bend, height * d0 - rise * bend
        xi = 2 * mean * rise / (b + torch.sqrt((b * b + 4 * a * mean * rise).clamp_min(0)))
    else:
        xi = (u - left) / width
    bump = xi * (1 - xi)
    denominator = mean + bend * bump
    slope = mean**2 * (d1 * xi**2 + 2 * mean * bump + d0 * (1 - xi) ** 2) / denominator**2
    y = left + xi * width if inverse else bottom + height * (mean * xi**2 + d0 * bump) / denominator
    log_slope = torch.where(inside, torch.log(slope), 0.0)
    return torch.where(inside, y, x), -log_slope if inverse else log_slope


class Spline(nn.Module):
    """A spline for each column in `columns`, with parameters of its own; it starts as the identity."""

    def __init__(self, columns, bins, bound):
        super().__init__()
        self.columns, self.bound = columns, bound
        self.raw = nn.Parameter(torch.zeros(len(columns), 3 * bins - 1))

    def through(self, x, inverse):
        y, log_slope = rational_quadratic(x[:, self.columns], self.raw, self.bound, inverse)
        return torch.stack([y[:, self.columns.index(i)] if i in self.columns else x[:, i] for i in range(x.shape[1])], -1), log_slope.sum(-1)

    def forward(self, x, context):
        return self.through(x, False)

    def inverse(self, x, context):
        return self.through(x, True)


class SplineCoupling(Coupling):
    """Splines of the active part by a network of the passive part; the identity at first."""

    def __init__(self, size, transform, hidden, bins, bound, context=0, activation="relu"):
        super().__init__(size, transform)
        self.knots, self.bound = 3 * bins - 1, bound
        self.network = mlp(self.passive_size + context, hidden, self.active_size * self.knots, activation, "zero")

    def map(self, x, given, inverse):
        raw = self.network(given).reshape(len(x), self.active_size, self.knots)
        y, log_slope = rational_quadratic(x, raw, self.bound, inverse)
        return y, log_slope.sum(-1)


def real_nvp(size, couplings, hidden, towards="data", embedding=None, units=None, **options):
    """Affine couplings whose mapped parts alternate, then `units`, a fixed shift and scale.

    `towards="base"`: the couplings' own direction is from data to base, and that is their order.
    """
    layers = [AffineCoupling(size, "last" if i % 2 == 0 else "first", hidden, **options) for i in range(couplings)]
    last = [] if units is None else [Affine(*units)]
    return Flow(size, [*(layers if towards == "data" else [Inverted(l) for l in reversed(layers)]), *last], embedding)

"""Variational autoencoders of binarised digits: p(z) p(x | z) with Bernoulli pixels, q(z | x) a flow given what the encoder makes of x.

The maps are those of the library's own learnables: one network for shift and scale, log-scales r / sqrt(1 + (r / 5)²), of the encoder 5 tanh(r / 5).
"""

import math
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from flows import Coupling, Flow, mlp, rational_quadratic, standard_normal
from train import cosine, minimise, timed

DIGITS = Path(__file__).parents[3] / "output" / "digits.bin"
LATENT, CONTEXT, WIDTH, BINS, BOUND = 8, 32, 200, 8, 5
BUDGET = {"points": 8000, "epochs": 60, "batch": 100, "rate": 2e-3, "schedule": "cosine", "draws": 1}
IMPORTANCE = 5000


def digits():
    """Every fifth image in the order of the package is held out."""
    if not DIGITS.exists():
        raise FileNotFoundError(f"{DIGITS}: write it by `node bench/peers/gallery/digits.mjs`")
    images = torch.from_numpy(np.fromfile(DIGITS, dtype=np.uint8).reshape(-1, 784)).float()
    held_out = torch.arange(len(images)) % 5 == 4
    return images[~held_out], images[held_out]


def log_scale(raw):
    return raw / torch.sqrt(1 + (raw / 5) ** 2)


def scale_shift(x, raw, inverse, log_scale=log_scale):
    """`raw` has the shift, then what the log-scale is of."""
    shift, r = raw.split(x.shape[-1], -1)
    s = log_scale(r)
    return ((x - shift) * torch.exp(-s), -s.sum(-1)) if inverse else (x * torch.exp(s) + shift, s.sum(-1))


class AffineCoupling(Coupling):
    def __init__(self, size, transform, hidden, context=0):
        super().__init__(size, transform)
        self.network = mlp(self.passive_size + context, hidden, 2 * self.active_size, start="zero")

    def map(self, x, given, inverse):
        return scale_shift(x, self.network(given), inverse)


class SplineCoupling(Coupling):
    """A spline, then a scale and shift, of the same network."""

    def __init__(self, size, transform, hidden, context=0):
        super().__init__(size, transform)
        self.network = mlp(self.passive_size + context, hidden, self.active_size * (3 * BINS + 1), start="zero")

    def map(self, x, given, inverse):
        raw = self.network(given)
        affine, knots = raw[:, : 2 * x.shape[1]], raw[:, 2 * x.shape[1] :].reshape(*x.shape, -1)
        spline = lambda x: tuple(f(v) for f, v in zip((lambda v: v, lambda v: v.sum(-1)), rational_quadratic(x, knots, BOUND, inverse)))
        parts = [spline, lambda x: scale_shift(x, affine, inverse)]
        total = 0
        for part in reversed(parts) if inverse else parts:
            x, log_det = part(x)
            total = total + log_det
        return x, total


class InverseAutoregressive(nn.Module):
    """y_i = x_i exp(s_i) + t_i with s_i and t_i by a MADE of x before i and the context; the order is reversed first."""

    def __init__(self, size, hidden, context, reverse):
        super().__init__()
        self.reverse = reverse
        degrees = [list(range(1, size + 1)), *[[unit * size // width for unit in range(width)] for width in hidden]]
        owners = [*range(size), *range(size)]
        widths = [size, *hidden, 2 * size]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.context = nn.Linear(context, hidden[0], bias=False)
        nn.init.zeros_(self.layers[-1].weight)
        nn.init.zeros_(self.layers[-1].bias)
        for l, (seen, degree) in enumerate(zip(degrees, [*degrees[1:], owners])):
            self.register_buffer(f"mask{l}", (torch.tensor(degree)[:, None] >= torch.tensor(seen)).float())

    def forward(self, x, context):
        x = x.flip(-1) if self.reverse else x
        y = x
        for l, layer in enumerate(self.layers):
            y = F.linear(y, layer.weight * getattr(self, f"mask{l}"), layer.bias)
            y = y + self.context(context) if l == 0 else y
            y = torch.relu(y) if l < len(self.layers) - 1 else y
        return scale_shift(x, y, False)


def couplings(kind, context=0, hidden=(64,)):
    return [kind(LATENT, "last" if i % 2 == 0 else "first", hidden, context=context) for i in range(4)]


POSTERIORS = {
    "mean-field": lambda: [],
    "realnvp": lambda: couplings(AffineCoupling, CONTEXT),
    "iaf": lambda: [InverseAutoregressive(LATENT, [64], CONTEXT, i > 0) for i in range(4)],
    "spline": lambda: couplings(SplineCoupling, CONTEXT),
}


class Vae(nn.Module):
    def __init__(self, posterior, flow_prior):
        super().__init__()
        self.encoder = mlp(784, [WIDTH, WIDTH], 2 * LATENT + CONTEXT)
        self.decoder = mlp(LATENT, [WIDTH, WIDTH], 784)
        self.posterior = Flow(LATENT, POSTERIORS[posterior]())
        self.prior = Flow(LATENT, couplings(AffineCoupling, hidden=(64, 64)) if flow_prior else [])

    def log_weights(self, x, draws=1):
        """log p(x, z) − log q(z | x) of draws of z: [n, draws]."""
        code = self.encoder(x).repeat_interleave(draws, 0)
        z, log_det = self.posterior(eps := torch.randn(len(code), LATENT), code[:, 2 * LATENT :])
        z, more = scale_shift(z, code[:, : 2 * LATENT], False, lambda r: 5 * torch.tanh(r / 5))
        logits = self.decoder(z).reshape(len(x), draws, 784)
        likelihood = (logits @ x[:, :, None])[..., 0] - F.softplus(logits).sum(-1)
        return likelihood + (self.prior.log_density(z) - standard_normal(eps) + log_det + more).reshape(len(x), draws)


def run(posterior, flow_prior, seed):
    torch.manual_seed(seed)
    training, held_out = digits()
    vae = Vae(posterior, flow_prior)
    batches = len(training) // BUDGET["batch"]

    def losses():
        for _ in range(BUDGET["epochs"]):
            for index in torch.randperm(len(training)).split(BUDGET["batch"])[:batches]:
                yield -vae.log_weights(training[index], BUDGET["draws"]).mean()

    rate = cosine(BUDGET["rate"], BUDGET["epochs"] * batches)
    seconds, values = timed(lambda: minimise(vae, losses(), rate))
    with torch.no_grad():
        weights = torch.cat([vae.log_weights(x, IMPORTANCE).double() for x in held_out.split(1)])
    elbo, importance = weights.mean(1), weights.logsumexp(1) - math.log(IMPORTANCE)
    error = lambda v: v.std().item() / len(v) ** 0.5
    return {
        "seed": seed,
        **seconds,
        "training": -torch.stack(values[-batches:]).mean().item(),
        "elbo": elbo.mean().item(),
        "elboError": error(elbo),
        "heldOut": importance.mean().item(),
        "error": error(importance),
    }


def architecture(posterior, flow_prior):
    hidden = {
        "mean-field": "a normal distribution with shift and scale by the encoder",
        "realnvp": "4 affine couplings given 32 more of the encoder's outputs, networks of 64, then the same shift and scale",
        "iaf": "4 inverse autoregressive layers given 32 more of the encoder's outputs, MADEs of 64, reversed between, then the same shift and scale",
        "spline": "4 spline couplings given 32 more of the encoder's outputs, 8 bins on [-5, 5] and a scale and shift, networks of 64, then the same shift and scale",
    }[posterior]
    prior = "4 affine couplings, networks 64 × 64" if flow_prior else "standard normal"
    return f"VAE: latent 8; encoder 784 → 200 → 200, decoder 200 → 200 → 784, ReLU; posterior: {hidden}; prior: {prior}"

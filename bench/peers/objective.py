"""Log densities of the targets, and objectives of a guide; see flows.py."""

import math

from flows import apply, layers, mlp

LOG_2PI = math.log(2 * math.pi)


def normal(xp, x, mean, scale):
    """`scale` is a number, or the array exp(log_scale) given with its logarithm as a pair."""
    scale, log_scale = scale if isinstance(scale, tuple) else (scale, math.log(scale))
    return -0.5 * ((x - mean) / scale) ** 2 - log_scale - 0.5 * LOG_2PI


def banana(xp, z, data):
    return normal(xp, z[:, 0], 0, 1) + normal(xp, z[:, 1], z[:, 0] ** 2, 0.5)


def funnel(xp, z, data):
    v = z[:, :1]
    return normal(xp, v[:, 0], 0, 1) + normal(xp, z[:, 1:], 0, (xp.exp(v / 2), v / 2)).sum(1)


def eight_schools(xp, z, data):
    mu, log_tau, theta = z[:, :1], z[:, 1:2], z[:, 2:]
    tau = xp.exp(log_tau)
    prior_of_tau = math.log(2 / (5 * math.pi)) - xp.log1p((tau / 5) ** 2) + log_tau
    effects = normal(xp, theta, mu, (tau, log_tau)) + normal(xp, data["y"], theta, (data["sigma"], xp.log(data["sigma"])))
    return normal(xp, mu[:, 0], 0, 5) + prior_of_tau[:, 0] + effects.sum(1)


def logistic_regression(xp, z, data):
    logits = z @ data["x"].T
    return normal(xp, z, 0, 2.5).sum(1) - xp.softplus((1 - 2 * data["y"]) * logits).sum(1)


def hmm(xp, z, data):
    """Two states, summed out by the forward algorithm; z has the coordinates of both rows of transitions and of the means."""
    rows = []
    log_det = math.log(2) + z[:, 2] + z[:, 3]
    for x in (z[:, 0], z[:, 1]):
        stay = math.sqrt(2) * x
        rows.append((-xp.softplus(-stay), -xp.softplus(stay)))
        log_det = log_det + rows[-1][0] + rows[-1][1]
    low = xp.exp(z[:, 2])
    means = (low, low + xp.exp(z[:, 3]))

    def step(predicted, seen):
        weights = [predicted[k] + normal(xp, seen, means[k], 1) for k in (0, 1)]
        evidence = xp.logaddexp(*weights)
        return tuple(xp.logaddexp(*(weights[a] - evidence + rows[a][b] for a in (0, 1))) for b in (0, 1)), evidence

    start = xp.zeros_like(low)
    return normal(xp, means[0], 3, 1) + normal(xp, means[1], 10, 1) + log_det + xp.scan_sum(step, (start, start), data["y"])


def garch(xp, z, data):
    mu, log_alpha0, a, b = z[:, 0], z[:, 1], z[:, 2], z[:, 3]
    sigmoid = lambda x: xp.exp(-xp.softplus(-x))
    log_slope = lambda x: -xp.softplus(x) - xp.softplus(-x)
    alpha0, alpha1 = xp.exp(log_alpha0), sigmoid(a)
    rest = sigmoid(-a)
    beta1 = rest * sigmoid(b)
    log_det = log_alpha0 + log_slope(a) + xp.log(rest) + log_slope(b)

    def step(variance, seen):
        shock = (seen - mu) ** 2
        density = -0.5 * (shock / variance + xp.log(variance) + LOG_2PI)
        return alpha0 + alpha1 * shock + beta1 * variance, density

    return log_det + xp.scan_sum(step, xp.zeros_like(mu) + data["sigma1"] ** 2, data["y"])


TARGETS = {
    "banana": banana,
    "funnel": funnel,
    "eight schools": eight_schools,
    "logistic regression": logistic_regression,
    "HMM": hmm,
    "GARCH": garch,
}


def simulated_eight_schools(xp, normals, data):
    """Unconstrained latents of the non-centred model from its prior, and features of data sets from them."""
    noise = normals(19)
    mu, effects, errors = 5 * noise[:, :1], noise[:, 1:9], noise[:, 9:17]
    # tau / 5 is the ratio of two normals in absolute value, either of which may be drawn as 0
    over, under = (noise[:, i : i + 1] ** 2 + 1e-30 for i in (17, 18))
    log_tau = math.log(5) + xp.log(over / under) / 2
    y = mu + xp.exp(log_tau) * effects + data["sigma"] * errors
    return xp.concatenate([mu, log_tau, effects]), xp.concatenate([y, xp.zeros_like(y) + data["sigma"]])


SIMULATIONS = {"simulated eight schools": simulated_eight_schools}


def elbo(xp, p, normals, data, case):
    """By the path derivative, log q is computed by the inverse with stopped parameters."""
    base = normals(case["dimension"])
    value, log_det = apply(layers(xp, p, case), base)
    if case["gradient"] == "path":
        stopped = {path: xp.stop(array) for path, array in p.items()}
        back, log_det = apply(layers(xp, stopped, case), value, inverse=True)
        log_q = normal(xp, back, 0, 1).sum(1) + log_det
    else:
        log_q = normal(xp, base, 0, 1).sum(1) - log_det
    return (TARGETS[case["target"]](xp, value, data) - log_q).mean()


def log_guide(xp, p, normals, data, case):
    """log q of the latents that data sets were simulated from, given these: the forward KL divergence but for its sign and a constant."""
    latents, features = SIMULATIONS[case["target"]](xp, normals, data)
    context = mlp(xp, p, "guide.encoder", xp.asinh(features))
    base, log_det = apply(layers(xp, p, case, context), latents, inverse=True)
    return (normal(xp, base, 0, 1).sum(1) + log_det).mean()


def objective(xp, p, normals, data, case):
    """To be maximised; `normals(n)` draws [draws, n]."""
    return (elbo if "gradient" in case else log_guide)(xp, p, normals, data, case)

"""Flows on rows [draws, dimension], in what JAX and PyTorch have in common: `xp` is the one or the other (see jax_peer.py, torch_peer.py).

`p` has the parameters by their paths. A map takes rows to (rows, log |det J|).
"""

import math

FLOOR = 1e-3
RAW_OF_ONE = math.log(math.expm1(1 - FLOOR))
BINS = 8
BOUND = 5


def mlp(xp, p, name, x, context=None, layers=3):
    for l in range(1, layers + 1):
        x = x @ p[f"{name}.weight {l}"] + p[f"{name}.bias {l}"]
        if l == 1 and context is not None:
            x = x + context @ p[f"{name}.context weight"]
        if l < layers:
            x = xp.relu(x)
    return x


def scale_shift(xp, x, log_scale, shift, inverse):
    if inverse:
        return (x - shift) * xp.exp(-log_scale), -log_scale.sum(1)
    return x * xp.exp(log_scale) + shift, log_scale.sum(1)


def bounded_scale_shift(xp, raw, x, inverse):
    """Log-scales lie within 5; raw begins with the shift, then has what they are computed from."""
    size = x.shape[1]
    r = raw[:, size : 2 * size]
    return scale_shift(xp, x, r / xp.sqrt(1 + (r / 5) ** 2), raw[:, :size], inverse)


def spline_piece(xp, widths, heights, slopes, u, along):
    """Where `u` [n, active] lies among the knots along the widths or the heights: left, width, bottom, height and both slopes."""

    def edges(shares):
        inner = xp.cumsum(shares)[..., :-1]
        return xp.concatenate([xp.zeros_like(inner[..., :1]), inner])

    lefts, bottoms = edges(widths), edges(heights)
    knots = lefts if along == "widths" else bottoms
    bin = (u[..., None] >= knots[..., 1:]).sum(-1)[..., None]
    pick = lambda values: xp.pick(values, bin)[..., 0]
    return pick(lefts), pick(widths), pick(bottoms), pick(heights), pick(slopes[..., :-1]), pick(slopes[..., 1:])


def spline(xp, raw, x, inverse):
    """Rational-quadratic splines on [-BOUND, BOUND] (Durkan et al. 2019); raw [n, active, 3 BINS - 1]."""
    share = lambda logits: FLOOR + (1 - BINS * FLOOR) * xp.softmax(logits)
    ends = xp.zeros_like(raw[..., :1])
    slopes = xp.softplus(xp.concatenate([ends, raw[..., 2 * BINS :], ends]) + RAW_OF_ONE) + FLOOR
    inside = xp.abs(x) < BOUND
    u = (xp.where(inside, x, xp.zeros_like(x)) + BOUND) / (2 * BOUND)
    piece = spline_piece(
        xp, share(raw[..., :BINS]), share(raw[..., BINS : 2 * BINS]), slopes, u, "heights" if inverse else "widths"
    )
    left, width, bottom, height, slope_left, slope_right = piece
    mean = height / width
    if inverse:
        theta = u - bottom
        bend = theta * (slope_left + slope_right - 2 * mean)
        a = height * (mean - slope_left) + bend
        b = height * slope_left - bend
        xi = 2 * mean * theta / (b + xp.sqrt(b * b + 4 * a * mean * theta))
    else:
        xi = (u - left) / width
    bump = xi * (1 - xi)
    denominator = mean + (slope_left + slope_right - 2 * mean) * bump
    slope = mean**2 * (slope_right * xi**2 + 2 * mean * bump + slope_left * (1 - xi) ** 2) / denominator**2
    y = left + xi * width if inverse else bottom + height * (mean * xi**2 + slope_left * bump) / denominator
    log_slope = xp.where(inside, xp.log(slope), xp.zeros_like(x)).sum(1)
    return xp.where(inside, 2 * BOUND * y - BOUND, x), -log_slope if inverse else log_slope


def affine_component(xp, p, name, passive, active, inverse):
    log_scale = xp.tanh(mlp(xp, p, f"{name}.scale", passive))
    return scale_shift(xp, active, log_scale, mlp(xp, p, f"{name}.shift", passive), inverse)


def spline_component(xp, p, name, passive, active, inverse):
    raw = mlp(xp, p, f"{name}.network", passive)
    n, size = active.shape
    knots = raw[:, 2 * size :].reshape(n, size, 3 * BINS - 1)
    parts = [
        lambda x: spline(xp, knots, x, inverse),
        lambda x: bounded_scale_shift(xp, raw, x, inverse),
    ]
    log_det = 0
    for part in reversed(parts) if inverse else parts:
        active, more = part(active)
        log_det = log_det + more
    return active, log_det


def conditional_component(context):
    return lambda xp, p, name, passive, active, inverse: bounded_scale_shift(
        xp, mlp(xp, p, f"{name}.network", passive, context), active, inverse
    )


def coupling(xp, p, name, component, last, x, inverse):
    half = x.shape[1] // 2
    first, second = x[:, :half], x[:, half:]
    passive, active = (first, second) if last else (second, first)
    active, log_det = component(xp, p, name, passive, active, inverse)
    return xp.concatenate([passive, active] if last else [active, passive]), log_det


def riffle(size, inverse):
    order = [size // 2 + i // 2 if i % 2 == 0 else (i - 1) // 2 for i in range(size)]
    return [order.index(i) for i in range(size)] if inverse else order


def triangular(xp, p, name, scale, x, inverse):
    """x -> scale (shift + A x), A lower triangular with a positive diagonal."""
    shift, log_diagonal = scale * p[f"{name}.shift"], p[f"{name}.log diagonal"]
    matrix = scale * (xp.diagonal(xp.exp(log_diagonal)) + xp.strict_triangle(p[f"{name}.below diagonal"], len(shift)))
    log_det = log_diagonal.sum() + len(shift) * math.log(scale)
    if inverse:
        return xp.solve_lower(matrix, (x - shift).T).T, -log_det
    return x @ matrix.T + shift, log_det


def layers(xp, p, case, context=None):
    """The maps of a guide in order, each a function of rows and of whether it is inverted; an amortised one has a row of context each."""
    d, scale = case["dimension"], case["scale"]
    if case["guide"] == "full rank":
        return [lambda x, inverse: triangular(xp, p, "guide", scale, x, inverse)]
    flow, name, component = {
        "RealNVP": ("guide", "coupling", affine_component),
        "neural spline flow": ("guide", "spline coupling", spline_component),
        "amortised RealNVP": ("guide.flow", "affine coupling", conditional_component(context)),
    }[case["guide"]]
    prefix = f"{flow}.{name} "
    count = len({path[len(prefix) :].split(".")[0] for path in p if path.startswith(prefix)})
    maps = []
    for i in range(count):
        if i > 0 and i % 2 == 0 and d > 2:
            maps.append(lambda x, inverse: (x[:, riffle(d, inverse)], 0))
        maps.append(lambda x, inverse, i=i: coupling(xp, p, f"{prefix}{i + 1}", component, i % 2 == 0, x, inverse))
    if context is not None:
        raw = mlp(xp, p, f"{flow}.conditional affine 1.network", context)
        maps.append(lambda x, inverse: bounded_scale_shift(xp, raw, x, inverse))
    if case["guide"] != "RealNVP":
        maps.append(lambda x, inverse: triangular(xp, p, f"{flow}.triangular affine 1", scale, x, inverse))
    return maps


def apply(maps, x, inverse=False):
    log_det = 0
    for m in reversed(maps) if inverse else maps:
        x, more = m(x, inverse)
        log_det = log_det + more
    return x, log_det

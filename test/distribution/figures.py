"""Writes figures.json: log densities and their gradients by mpmath 1.3 with 60 digits, from the textbook formulas.

Run: python figures.py > figures.json
"""
import json
from mpmath import mp, mpf, log, exp, loggamma, pi, erfc, atan, sqrt, binomial, diff, matrix, log1p, expm1, inf

mp.dps = 60
LOG_2PI = log(2 * pi)


def normal(x, m, s): return -((x - m) / s) ** 2 / 2 - log(s) - LOG_2PI / 2
def lbeta(a, b): return loggamma(a) + loggamma(b) - loggamma(a + b)
def t(x, df, m, s): return -lbeta(df / 2, mpf(1) / 2) - log(df) / 2 - log(s) - (df + 1) / 2 * log1p(((x - m) / s) ** 2 / df)
def cauchy(x, m, s): return -log(pi * s) - log1p(((x - m) / s) ** 2)
def gamma(x, a, b): return a * log(b) + (a - 1) * log(x) - b * x - loggamma(a)
def xlogy(c, x): return c * log(x) if c != 0 or x != 0 else mpf(0)
def beta(x, a, b): return xlogy(a - 1, x) + xlogy(b - 1, 1 - x) - lbeta(a, b)
def softplus(x): return log1p(exp(x))
def bernoulli(k, l): return -softplus(-l) if k == 1 else -softplus(l)
def lchoose(n, k): return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)
def binomial_(k, n, l): return lchoose(n, k) - k * softplus(-l) - (n - k) * softplus(l)
def poisson(k, r): return (k * log(r) if k > 0 else 0) - r - loggamma(k + 1)
def negbin(k, m, c): return loggamma(k + c) - loggamma(k + 1) - loggamma(c) - k * log1p(c / m) - c * log1p(m / c)
def cdf(z): return erfc(-z / sqrt(mpf(2))) / 2
def truncated_normal(x, m, s, a, b):
    mass = cdf(-(a - m) / s) - (cdf(-(b - m) / s) if b != inf else 0) if a != -inf else cdf((b - m) / s)
    return normal(x, m, s) - log(mass)
def truncated_cauchy(x, m, s, a, b): return cauchy(x, m, s) - log((atan((b - m) / s) - atan((a - m) / s)) / pi)
def truncated_exponential(x, r, a, b): return log(r) - r * x - log(exp(-r * a) - exp(-r * b))


UNIVARIATE = {
    "Normal": (normal, ["loc", "scale"], [(1.2, 0, 5), (-3, 2, 0.1), (40, 0, 1), (0, 0, 1e-3), (1e6, 1e6 - 1, 2)]),
    "LogNormal": (lambda x, m, s: normal(log(x), m, s) - log(x), ["loc", "scale"], [(2, 0, 1), (1e-6, -1, 2), (1e5, 3, 0.5)]),
    "HalfNormal": (lambda x, s: normal(x, 0, s) + log(2), ["scale"], [(1, 2), (0.001, 1), (30, 1.5)]),
    "StudentT": (t, ["df", "loc", "scale"],
                 [(1.5, 4, 0, 1), (-20, 0.7, 1, 3), (2, 1e8, 0, 1), (50, 30, 0, 1), (1e8, 3, 0, 1), (0.3, 19.5, 0.2, 0.1), (3, 20, 0, 1)]),
    "Cauchy": (cauchy, ["loc", "scale"], [(2, 0, 1), (-1e12, 0, 3), (0.5, 0.5, 0.1)]),
    "HalfCauchy": (lambda x, s: cauchy(x, 0, s) + log(2), ["scale"], [(2, 5), (1e-8, 1), (1e9, 25)]),
    "Exponential": (lambda x, r: log(r) - r * x, ["rate"], [(1, 2), (1e-9, 0.1), (700, 1)]),
    "Gamma": (gamma, ["shape", "rate"], [(1, 0.3, 2), (1e-12, 0.01, 1), (3, 2.5, 0.5), (1e4, 1e4, 1.01), (90, 5, 1), (9.9, 10, 1), (10.1, 9.999, 1)]),
    "InverseGamma": (lambda x, a, b: gamma(1 / x, a, b) - 2 * log(x), ["shape", "scale"], [(1, 3, 2), (1e-2, 2, 1), (1e6, 0.5, 3), (0.011, 100, 1)]),
    "Beta": (beta, ["concentration1", "concentration0"],
             [(0.3, 2, 3), (1e-10, 0.5, 0.5), (1 - 2.0**-40, 0.1, 2.5), (0.5, 1, 1), (0.501, 4e3, 4e3), (0.2, 1e-3, 12), (0.001, 1, 1e4)]),
    "Uniform": (lambda x, a, b: -log(b - a), ["low", "high"], [(0.3, -1, 3), (-1, -1, 1), (5, -1e3, 5.5)]),
    "Bernoulli": (bernoulli, ["logits"], [(1, 0.4), (0, 0.4), (1, -50), (0, 50), (1, 60), (0, -80)]),
    "Binomial": (binomial_, ["totalCount", "logits"], [(3, 10, 0.4), (0, 7, -2), (7, 7, 3), (5000, 10000, 0.01), (2, 40, 90), (1, 1, 0), (999, 1000, 7)]),
    "Poisson": (poisson, ["rate"], [(2, 3), (0, 1e-5), (100, 0.01), (10500, 1e4), (9, 9), (11, 12)]),
    "NegativeBinomial": (negbin, ["mean", "concentration"], [(2, 3, 2), (0, 5, 0.1), (40, 3, 1e8), (7, 1e-3, 4), (3000, 2900, 50), (1, 20, 1e-3)]),
    "Truncated(Normal)": (truncated_normal, ["loc", "scale", "low", "high"],
                          [(0.5, 0, 1, 0, inf), (20.1, 0, 1, 20, inf), (-15, 1, 0.5, -inf, -14), (0.2, 0, 1, -1, 1), (8.2, 0, 1, 8, 9),
                           (-8.2, 0, 1, -9, -8), (3, 0, 1, -1, 30), (0.15, 5, 2, 0.1, 0.2)]),
    "Truncated(Cauchy)": (truncated_cauchy, ["loc", "scale", "low", "high"], [(0.5, 0, 1, 0, 3), (-400, 1, 2, -1e5, -300), (1e6, 0, 1, 1e5, 1e9)]),
    "Truncated(Exponential)": (truncated_exponential, ["rate", "low", "high"], [(1.1, 1, 0.05, 3), (51, 2, 50, 60)]),
}
DISCRETE = {"Bernoulli", "Binomial", "Poisson", "NegativeBinomial"}
FIXED = {"totalCount"}


def gradient(f, args, i):
    """Central differences of the exact function; one-sided where a step would leave the domain."""
    def g(v): return f(*args[:i], v, *args[i + 1:])
    h = mpf(10) ** -20 * max(abs(args[i]), mpf(10) ** -12)
    return (g(args[i] + h) - g(args[i] - h)) / (2 * h)


def dirichlet(x, a): return loggamma(sum(a)) - sum(map(loggamma, a)) + sum(xlogy(ai - 1, xi) for ai, xi in zip(a, x))


def mvn(x, m, L):
    n = len(x)
    z = []
    for i in range(n):
        z.append((x[i] - m[i] - sum(L[i][j] * z[j] for j in range(i))) / L[i][i])
    return sum(-zi**2 / 2 for zi in z) - sum(log(L[i][i]) for i in range(n)) - n * LOG_2PI / 2


def lkj(L, eta):
    """The constant by the c-vine: 1/∏ₖ (4^b B(b, b))^(K − k), b = η + (K − 1 − k)/2, turned to the Cholesky factor's measure."""
    K = len(L)
    constant = sum((K - k) * ((2 * (eta + mpf(K - 1 - k) / 2) - 1) * log(2) + lbeta(eta + mpf(K - 1 - k) / 2, eta + mpf(K - 1 - k) / 2)) for k in range(1, K))
    return sum((K - k + 2 * eta - 2) * log(L[k - 1][k - 1]) for k in range(2, K + 1)) - constant


def number(x):
    x = float(x)
    return x if abs(x) != float("inf") else ("Infinity" if x > 0 else "-Infinity")


cases = []
for name, (f, parameters, sets) in UNIVARIATE.items():
    for values in sets:
        args = [mpf(v) for v in values]
        slots = {"value": 0} if name not in DISCRETE else {}
        slots |= {p: i + 1 for i, p in enumerate(parameters) if p not in FIXED and abs(args[i + 1]) != inf}
        if name == "Uniform": slots.pop("value")
        cases.append({
            "distribution": name,
            "parameters": {p: number(v) for p, v in zip(parameters, args[1:])},
            "value": number(args[0]),
            "logProb": number(f(*args)),
            "gradient": {s: number(gradient(f, args, i)) for s, i in slots.items()},
        })
for x, a in [([0.2, 0.3, 0.5], [1, 2, 3]), ([1e-9, 1 - 1e-9], [0.1, 5]), ([0.25] * 4, [1] * 4), ([0.1, 0.9], [100, 900])]:
    x, a = [mpf(v) for v in x], [mpf(v) for v in a]
    cases.append({"distribution": "Dirichlet", "parameters": {"concentration": list(map(number, a))}, "value": list(map(number, x)), "logProb": number(dirichlet(x, a)),
                  "gradient": {"concentration": [number(diff(lambda v: dirichlet(x, a[:i] + [v] + a[i + 1:]), a[i])) for i in range(len(a))]}})
for x, m, L in [([1, 2], [0, 1], [[1, 0], [0.5, 2]]), ([3, -2, 0.5], [0.1, 0.2, 0.3], [[0.5, 0, 0], [-3, 0.1, 0], [1, 2, 4]])]:
    x, m, L = [mpf(v) for v in x], [mpf(v) for v in m], [[mpf(v) for v in row] for row in L]
    cases.append({"distribution": "MultivariateNormal", "parameters": {"loc": list(map(number, m)), "scaleTril": [list(map(number, r)) for r in L]},
                  "value": list(map(number, x)), "logProb": number(mvn(x, m, L)),
                  "gradient": {"value": [number(diff(lambda v: mvn(x[:i] + [v] + x[i + 1:], m, L), x[i])) for i in range(len(x))],
                               "loc": [number(diff(lambda v: mvn(x, m[:i] + [v] + m[i + 1:], L), m[i])) for i in range(len(x))]}})
for L, eta in [([[1, 0], [0.6, 0.8]], 2), ([[1, 0], [0.6, 0.8]], 1), ([[1, 0, 0], [-0.6, 0.8, 0], [0.48, 0.6, 0.64]], 0.5), ([[1, 0, 0], [0, 1, 0], [0.28, 0.0, 0.96]], 30)]:
    L, eta = [[mpf(v) for v in row] for row in L], mpf(eta)
    cases.append({"distribution": "LKJCholesky", "parameters": {"concentration": number(eta)}, "value": [list(map(number, r)) for r in L],
                  "logProb": number(lkj(L, eta)), "gradient": {"concentration": number(diff(lambda v: lkj(L, v), eta))}})
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")

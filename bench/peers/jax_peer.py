"""Steps in JAX, each jitted as a whole: noise, objective, gradient, Adam."""

import os
import sys

threads = int(sys.argv[1])
# XLA's pool of threads is as large as this says; without it, as the machine.
os.environ["NPROC"] = str(threads)
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'}"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
from jax.scipy.linalg import solve_triangular

from objective import objective
from protocol import serve


class xp:
    abs, asinh, exp, log, log1p, sqrt, tanh, where, zeros_like = jnp.abs, jnp.asinh, jnp.exp, jnp.log, jnp.log1p, jnp.sqrt, jnp.tanh, jnp.where, jnp.zeros_like
    relu, softplus, softmax = jax.nn.relu, jax.nn.softplus, jax.nn.softmax
    logaddexp = jnp.logaddexp
    stop, diagonal = jax.lax.stop_gradient, jnp.diag
    cumsum = staticmethod(lambda x: jnp.cumsum(x, -1))
    concatenate = staticmethod(lambda xs: jnp.concatenate(xs, -1))
    pick = staticmethod(lambda values, index: jnp.take_along_axis(values, index, -1))
    scan_sum = staticmethod(lambda step, init, xs: jax.lax.scan(step, init, xs)[1].sum(0))
    solve_lower = staticmethod(lambda matrix, b: solve_triangular(matrix, b, lower=True))
    strict_triangle = staticmethod(lambda values, d: jnp.zeros((d, d)).at[jnp.tril_indices(d, -1)].set(values))


def array(values):
    return jnp.asarray(values, jnp.float32)


def build(case):
    params = {path: array(leaf["data"]).reshape(leaf["shape"]) for path, leaf in case["parameters"].items()}
    data = {name: array(values) for name, values in case["data"].items()}
    zeros = {path: jnp.zeros_like(leaf) for path, leaf in params.items()}

    def step(state, rate, count):
        params, first, second, key = state
        key, used = jax.random.split(key)
        normals = lambda n: jax.random.normal(used, (case["draws"], n))
        value, g = jax.value_and_grad(lambda p: objective(xp, p, normals, data, case))(params)
        mix = lambda beta, m, x: jax.tree.map(lambda a, b: beta * a + (1 - beta) * b, m, x)
        first, second = mix(0.9, first, g), mix(0.999, second, jax.tree.map(jnp.square, g))
        moved = lambda p, m, v: p + rate * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8)
        return (jax.tree.map(moved, params, first, second), first, second, key), value

    compiled = jax.jit(step, donate_argnums=0)
    state, count = (params, zeros, jax.tree.map(jnp.copy, zeros), jax.random.key(0)), 0

    def run():
        nonlocal state, count
        count += 1
        state, value = compiled(state, case["rate"], float(count))
        jax.block_until_ready(state)
        return float(value)

    return run


serve(build)

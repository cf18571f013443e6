/** RealNVP in jax-js, one jit a step. Arrays are owned: a function takes its arguments, `.ref` keeps one for another use. */
import { init, jit, lax, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax"
import { realNVPOnly, serve } from "./protocol.ts"

const relu = (x) => np.maximum(x, 0)

const mlp = (p, name, x) =>
  [1, 2, 3].reduce((h, l) => {
    const y = np.matmul(h, p[`${name}.weight ${l}`]).add(p[`${name}.bias ${l}`])
    return l < 3 ? relu(y) : y
  }, x)

const coupling = (p, i, x, inverse) => {
  const name = `guide.coupling ${i + 1}`
  const last = i % 2 === 0
  const [first, second] = np.split(x, 2, 1)
  const [passive, active] = last ? [first, second] : [second, first]
  const logScale = np.tanh(mlp(p, `${name}.scale`, passive.ref))
  const shift = mlp(p, `${name}.shift`, passive.ref)
  const logDet = logScale.ref.sum(1)
  const mapped = inverse ? active.sub(shift).mul(np.exp(logScale.neg())) : active.mul(np.exp(logScale)).add(shift)
  return [np.concatenate(last ? [passive, mapped] : [mapped, passive], 1), inverse ? logDet.neg() : logDet]
}

const flow = (p, z, inverse) => {
  const order = Array.from({ length: 8 }, (_, i) => (inverse ? 7 - i : i))
  return order.reduce(
    ([x, logDet], i) => {
      const [y, more] = coupling(p, i, x, inverse)
      return [y, logDet === undefined ? more : logDet.add(more)]
    },
    [z, undefined]
  )
}

const logNormal = (x, mean, scale) =>
  np
    .square(x.sub(mean).div(scale))
    .mul(-0.5)
    .sub(Math.log(scale) + 0.5 * Math.log(2 * Math.PI))

const banana = (x) => {
  const [a, b] = np.split(x, 2, 1)
  return logNormal(a.ref, 0, 1)
    .add(logNormal(b, np.square(a), 0.5))
    .sum(1)
}

const elboOf = (gradient) => (p, base) => {
  if (gradient === "plain") {
    const [value, logDet] = flow(p, base.ref, false)
    return banana(value)
      .sub(logNormal(base, 0, 1).sum(1).sub(logDet))
      .mean()
  }
  const [value, logDet] = flow(tree.ref(p), base, false)
  logDet.dispose()
  const [back, backLogDet] = flow(tree.map(lax.stopGradient, p), value.ref, true)
  return banana(value)
    .sub(logNormal(back, 0, 1).sum(1).add(backLogDet))
    .mean()
}

const mix = (beta) => (m, x) => m.mul(beta).add(x.mul(1 - beta))

const build = ({ parameters, draws, gradient, rate }) => {
  const leaves = (of) => Object.fromEntries(Object.entries(parameters).map(([path, leaf]) => [path, of(leaf)]))
  const elbo = elboOf(gradient)
  const step = jit((params, first, second, key, unbias1, unbias2) => {
    const [value, g] = valueAndGrad(elbo)(tree.ref(params), random.normal(key, [draws, 2]))
    const m = tree.map(mix(0.9), first, tree.ref(g))
    const v = tree.map(mix(0.999), second, tree.map(np.square, g))
    const move = (p, a, b) =>
      p.add(
        a
          .mul(unbias1.ref)
          .div(np.sqrt(b.mul(unbias2.ref)).add(1e-8))
          .mul(rate)
      )
    const next = tree.map(move, params, tree.ref(m), tree.ref(v))
    unbias1.dispose()
    unbias2.dispose()
    return [next, m, v, value]
  })
  const zeros = () => leaves(({ shape }) => np.zeros([...shape]))
  let state = [leaves(({ shape, data }) => np.array(new Float32Array(data)).reshape([...shape])), zeros(), zeros()]
  let count = 0
  return async () => {
    count++
    const [params, first, second, value] = step(...state, random.key(count), 1 / (1 - 0.9 ** count), 1 / (1 - 0.999 ** count))
    state = [params, first, second]
    return (await value.data())[0]
  }
}

await init("wasm")
await serve(realNVPOnly(build))

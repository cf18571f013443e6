/** Laws of draws. The statistical ones take many at a fixed seed; a statistic may be off by five of its standard errors. */
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { range, sameShape, showShape, sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { stopGradient } from "../math/index.ts"
import { noiseStream } from "../trace/noiseStream.ts"
import { enter, leave, newAxis, under } from "../trace/axes.ts"
import { gradient } from "../trace/trace.ts"
import { compiled, mapRecord } from "./compiled.ts"
import type { Tensors } from "./compiled.ts"
import { atKnown } from "./family.ts"
import { claim, close, fewer, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"
import { coordinateDraws, expectation, massOf, valueDraws } from "./mass.ts"
import { chart, drawnCases } from "./members.ts"
import type { Members } from "./members.ts"
import { locationsOf } from "./quadrature.ts"
import { whitened } from "./whitened.ts"
import type { Location } from "./quadrature.ts"

/** A correct law fails at 6e−7 of its statistics. */
const STANDARD_ERRORS = 5

const mean = (xs: ArrayLike<number>): number => Array.from(xs).reduce((a, b) => a + b, 0) / xs.length
const standardError = (xs: ArrayLike<number>): number => {
  const m = mean(xs)
  return Math.sqrt(mean(Array.from(xs, (x) => (x - m) ** 2)) / xs.length)
}

/** A weight for each coordinate, so that no symmetry hides what happens to one of them. */
const weightOf = (i: number): number => Math.cos(2 * i)

/** Bounded functions of the coordinates, so that their means exist whatever the tails. */
const bounded = (locations: ReadonlyArray<Location>): ReadonlyArray<(point: ArrayLike<number>) => number> => {
  const v = (point: ArrayLike<number>): number => locations.reduce((sum, { centre, scale }, i) => sum + (weightOf(i) * (point[i]! - centre)) / scale, 0)
  return [(p) => Math.tanh(v(p)), (p) => Math.tanh(v(p)) ** 2, (p) => Math.cos(3 * v(p))]
}

const supportLaw = (members: Members, options: LawOptions): Law =>
  law(members.family.name, "its draws lie in its support", drawnCases(members), options, ({ value, parameters }) => {
    claim(sameShape(value.shape, members.eventShape), () => `a draw has shape ${showShape(value.shape)}, the event ${showShape(members.eventShape)}`)
    const integers = members.kind === "real" || value.data instanceof Int32Array
    claim(integers, () => "a draw of integers is a tensor of reals: cast it to int32")
    const violation = atKnown(members.family, parameters, ({ support, eventShape }) => support.violation(value.data, eventShape))
    claim(violation === undefined, () => violation!)
  })

/** In one or two dimensions, and of integers: means of draws are integrals under the density. */
const momentsLaw = (members: Members, draws: number, options: LawOptions): Law => {
  const [sample, mass] = [coordinateDraws(members, draws), massOf(members)]
  const cases = fc.record({ parameters: members.family.parameters, seed: fc.nat() })
  return law(members.family.name, "means of its draws are those of its density", cases, options, ({ parameters, seed }) => {
    const { rows } = sample(parameters, seed)
    const density = mass(parameters)
    for (const [i, f] of bounded(locationsOf(rows)).entries()) {
      const expected = expectation(density, f)
      const variance = expectation(density, (p) => (f(p) - expected) ** 2)
      close(`the mean of function ${i}`, mean(rows.map(f)), expected, STANDARD_ERRORS * Math.sqrt(variance / draws) + 4 * density.error)
    }
  })
}

/** Half the width of a bump, in standard deviations. */
const REACH = 1.5

/** In more: E[b(z)/p(z)] = 1 for z ~ p and any density b; here bumps of bounded support beside the centre. */
const bumpsLaw = (members: Members, draws: number, options: LawOptions): Law => {
  const sample = coordinateDraws(members, draws)
  const cases = fc.record({ parameters: members.family.parameters, seed: fc.nat() })
  return law(members.family.name, "its draws are as dense as its density says", cases, options, ({ parameters, seed }) => {
    const { rows, logDensity } = sample(parameters, seed)
    const { white, logScale } = whitened(rows)
    for (const shift of [0, 0.5, -0.5]) {
      const logBump = (point: ArrayLike<number>): number =>
        Array.from(point).reduce((sum, w, j) => {
          const t = w / REACH - shift * weightOf(j)
          return Math.abs(t) < 1 ? sum + Math.log((1 + Math.cos(Math.PI * t)) / (2 * REACH)) : -Infinity
        }, -logScale)
      const ratios = white.map((point, i) => Math.exp(logBump(point) - logDensity[i]!))
      close(`the mass of a bump shifted by ${shift}`, mean(ratios), 1, STANDARD_ERRORS * standardError(ratios))
    }
  })
}

/**
 * ∂E[g]/∂θ by the path of the draws, E[∂g(x(θ))/∂θ], is that by the score, E[(g(x) − ḡ) ∂log p(z; θ)/∂θ + ∂g(x(z; θ))/∂θ], z the coordinates in a
 * support that may move with θ; for a bounded g of the values.
 *
 * @see Mohamed et al. 2020, "Monte Carlo gradient estimation in machine learning", sections 4 and 5.
 */
const gradientLaw = (members: Members, draws: number, options: LawOptions): Law => {
  const { family, parameterNames, eventShape } = members
  const size = sizeOf(eventShape)
  const sample = valueDraws(members, draws)
  const weights = range(size).map(weightOf)
  const run = compiled(({ "the centre": centre, "the scale": scale, ...rows }: Tensors) => {
    const axis = newAxis("draw", draws)
    return under(axis, () => {
      const d = family.make(mapRecord(rows, (r) => enter(r, axis)))
      const gOf = (x: tf.Tensor): tf.Tensor => {
        const u = tf.div(tf.sub(tf.reshape(x, [size]), centre!), scale!)
        const t = tf.tanh(tf.sum(tf.mul(u, tf.tensor1d(weights))))
        return tf.add(t, tf.square(t))
      }
      const x = d.sample(noiseStream("draw"))
      const g = gOf(x)
      const { value, logDet } = chart(d).forward(stopGradient(chart(d).inverse(x).value))
      const inputs = Object.values(rows)
      const named = (what: string, gradients: ReadonlyArray<tf.Tensor>) => gradients.map((gradient, i) => [`${what} ${parameterNames[i]!}`, gradient] as const)
      return Object.fromEntries([
        ["g", leave(g, axis)],
        ...named("path", gradient(g, inputs)),
        ...named("support", gradient(gOf(value), inputs)),
        ...named("score", gradient(tf.add(d.logProb(value), logDet), inputs))
      ]) as Tensors
    })
  })
  const repeated = ({ shape, data }: NDArray): NDArray => ({ shape: [draws, ...shape], data: Float64Array.from({ length: draws * data.length }, (_, i) => data[i % data.length]!) })
  const cases = fc.record({ parameters: family.parameters, seed: fc.nat() })
  return law(family.name, "every parameter has its gradient by its draws", cases, options, ({ parameters, seed }) => {
    const locations = locationsOf(sample(parameters, seed))
    const vector = (data: ReadonlyArray<number>): NDArray => ({ shape: [size], data: Float64Array.from(data) })
    const inputs = {
      ...mapRecord(Object.fromEntries(parameterNames.map((name) => [name, parameters[name]!])), repeated),
      "the centre": vector(locations.map(({ centre }) => centre)),
      "the scale": vector(locations.map(({ scale }) => scale))
    }
    const out = run(inputs, { hi: 1, lo: seed })
    const g = out["g"]!.data
    const centre = mean(g)
    for (const name of parameterNames) {
      const [path, score, support] = [out[`path ${name}`]!.data, out[`score ${name}`]!.data, out[`support ${name}`]!.data]
      const elements = path.length / draws
      claim(path.some((v) => v !== 0), () => `the gradient in "${name}" by draws is 0`)
      for (const k of range(elements)) {
        const column = range(draws).map((i) => i * elements + k)
        const scores = column.map((at, i) => (g[i]! - centre) * score[at]! + support[at]!)
        const differences = column.map((at, i) => path[at]! - scores[i]!)
        const room = STANDARD_ERRORS * standardError(differences) + draws * Number.EPSILON
        close(`the gradient in "${name}"[${k}] by draws`, mean(column.map((at) => path[at]!)), mean(scores), room)
      }
    }
  })
}

export const drawLaws = (members: Members, draws: number, options: LawOptions): ReadonlyArray<Law> => {
  const few = fewer(options)
  const { kind, dimension, reparameterised, parameterNames } = members
  const covered = kind === "real" ? dimension > 0 && dimension <= 2 : dimension === 1
  return [
    supportLaw(members, options),
    ...(covered ? [momentsLaw(members, draws, few)] : kind === "real" && dimension > 2 ? [bumpsLaw(members, draws, few)] : []),
    ...(reparameterised && parameterNames.length > 0 && dimension > 0 ? [gradientLaw(members, draws, few)] : [])
  ]
}

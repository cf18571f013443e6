import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { range, sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { stopGradient } from "../math/index.ts"
import { noiseStream } from "../trace/noiseStream.ts"
import { enter, leave, newAxis, under } from "../trace/axes.ts"
import { gradient } from "../trace/trace.ts"
import { compiled, mapRecord } from "./compiled.ts"
import type { Tensors } from "./compiled.ts"
import { claim, close, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"
import { valueDraws } from "./mass.ts"
import { chart } from "./members.ts"
import type { Members } from "./members.ts"
import { locationsOf } from "./quadrature.ts"
import { mean, STANDARD_ERRORS, standardError, weightOf } from "./statistics.ts"

/**
 * ∂E[g]/∂θ by the path of the draws, E[∂g(x(θ))/∂θ], is that by the score, E[(g(x) − ḡ) ∂log p(z; θ)/∂θ + ∂g(x(z; θ))/∂θ], where z are the
 * coordinates in a support that may move with θ; for a bounded g of the values.
 *
 * @see Mohamed et al. 2020, "Monte Carlo gradient estimation in machine learning", sections 4 and 5.
 */
export const drawGradientLaw = (members: Members, draws: number, options: LawOptions): Law => {
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
      const gradients = (what: string, of: tf.Tensor): ReadonlyArray<readonly [string, tf.Tensor]> => {
        const slopes = gradient(of, Object.values(rows))
        return Object.keys(rows).map((name, i) => [`${what} ${name}`, slopes[i]!])
      }
      return Object.fromEntries([
        ["g", leave(g, axis)],
        ...gradients("path", g),
        ...gradients("support", gOf(value)),
        ...gradients("score", tf.add(d.logProb(value), logDet))
      ]) as Tensors
    })
  })
  const repeated = ({ shape, data }: NDArray): NDArray => ({
    shape: [draws, ...shape],
    data: Float64Array.from({ length: draws * data.length }, (_, i) => data[i % data.length]!)
  })
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
      claim(
        path.some((v) => v !== 0),
        () => `the gradient in "${name}" by draws is 0`
      )
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

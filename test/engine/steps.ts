/** Training steps that engines are held to each other by. */
import * as tf from "@tensorflow/tfjs-core"
import { neuralSplineFlow } from "../../guides/neuralSplineFlow.ts"
import { range } from "../../src/graph/shape.ts"
import type { Program, TypedArray } from "../../src/graph/types.ts"
import type { Guide } from "../../src/guide/guide.ts"
import { stepOf } from "../../src/inference/step.ts"
import type { Params } from "../../src/learnable/index.ts"
import { flatten, learnableAffineCoupling, sequence } from "../../src/learnable/index.ts"
import { keyOf } from "../../src/random/key.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { enter, newAxis, sumOver, under } from "../../src/trace/axes.ts"
import { asTensor, constant } from "../../src/trace/tensor.ts"

export interface Step {
  readonly name: string
  readonly program: Program
  readonly inputs: Readonly<Record<string, TypedArray>>
}

const logNormal = (x: tf.Tensor, mean: tf.Tensor | number, scale: tf.Tensor | number): tf.Tensor =>
  tf.sub(tf.sub(tf.mul(-0.5, tf.square(tf.div(tf.sub(x, mean), scale))), tf.log(scale)), constant(0.5 * Math.log(2 * Math.PI)))

/** The ELBO of a flow by the plain reparameterised gradient, with Adam. */
const elboStep = (
  name: string,
  dimension: number,
  flow: ReturnType<Guide["flow"]>,
  draws: number,
  logDensity: (x: tf.Tensor) => tf.Tensor
): Step => {
  const params: Params = { guide: flow.init(keyOf(1)), model: {} }
  const { program } = stepOf(params, draws, ({ guide }) => {
    const base = noiseStream("base").normal([dimension])
    const { value, logDet } = flow.build(guide).forward(base)
    return tf.sub(tf.add(logDensity(value), logDet), tf.sum(logNormal(base, 0, 1)))
  })
  const parameters = flatten(params)
  return {
    name,
    program,
    inputs: {
      parameters,
      first: new Float64Array(parameters.length),
      second: new Float64Array(parameters.length),
      rate: Float64Array.of(1e-3),
      count: Float64Array.of(1),
      key: Uint32Array.of(0, 1, 0)
    }
  }
}

/** A RealNVP of 8 couplings, each with a network of two hidden layers, on a curved density of two dimensions. */
export const realNVPStep = (hidden: number, draws: number): Step => {
  const flow = sequence(
    range(8).map((i) => learnableAffineCoupling({ size: 2, transform: i % 2 === 0 ? "last" : "first", hidden: [hidden, hidden] }))
  )
  return elboStep(`RealNVP, hidden ${hidden}, ${draws} draws`, 2, flow, draws, (x) => {
    const [a, b] = tf.unstack(x) as [tf.Tensor, tf.Tensor]
    return tf.add(logNormal(a, 0, 1), logNormal(b, tf.square(a), 0.5))
  })
}

/** Eight schools, centred, by a neural spline flow. */
export const schoolsStep = (draws: number): Step => {
  const y = [28, 8, -3, 7, -1, 1, 18, 12]
  const sigma = [15, 10, 16, 11, 9, 11, 10, 18]
  const identity = Float64Array.from(range(100), (k) => (k % 11 === 0 ? 1 : 0))
  const flow = neuralSplineFlow().flow({ shift: new Float64Array(10), scaleTril: identity })
  return elboStep(`eight schools, NSF, ${draws} draws`, 10, flow, draws, (x) => {
    const [mu, logTau, effects] = [tf.slice(x, [0], [1]), tf.slice(x, [1], [1]), tf.slice(x, [2], [8])].map((t, i) =>
      i < 2 ? tf.squeeze(t) : t
    )
    const tau = tf.exp(logTau!)
    const schools = newAxis("school", 8)
    const local = under(schools, () => {
      const effect = enter(effects!, schools)
      return sumOver(
        tf.add(logNormal(effect, mu!, tau), logNormal(enter(asTensor(y), schools), effect, enter(asTensor(sigma), schools))),
        schools
      )
    })
    return tf.addN([logNormal(mu!, 0, 5), tf.neg(tf.log1p(tf.square(tf.div(tau, 5)))), logTau!, local])
  })
}

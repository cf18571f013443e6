import * as tf from "@tensorflow/tfjs-core"
import { scan, stopGradient } from "../math/index.ts"

/** A function of one number and its derivative. */
export type WithSlope = (x: tf.Tensor) => { readonly value: tf.Tensor; readonly slope: tf.Tensor }

/**
 * The root of f by `steps` of Newton's method from `start`, for an f and a start from which the iterates approach the root from one side.
 * The search has no gradient; one more step, in which only f's value has one, gives the root that of the implicit function theorem,
 * −∂f/∂θ / f′, exactly.
 */
export const implicitRoot = (f: WithSlope, start: tf.Tensor, steps: number): tf.Tensor => {
  const newton = (x: tf.Tensor): tf.Tensor => {
    const { value, slope } = f(x)
    return tf.sub(x, tf.div(value, stopGradient(slope)))
  }
  const iterates = scan<tf.Tensor, Record<string, never>>(newton, stopGradient(start), {}, { name: "implicitRoot", length: steps })
  return newton(stopGradient(tf.squeeze(tf.slice(iterates, [steps - 1], [1]), [0])))
}

/** A flow's forward pass, and its inverse at where that has been. */
import * as tf from "@tensorflow/tfjs-core"
import type { Bijector, Mapped } from "../bijector/bijector.ts"
import { withGradientOf } from "../math/withGradientOf.ts"

const partsOf = (flow: Bijector): ReadonlyArray<Bijector> => flow.parts?.flatMap(partsOf) ?? [flow]

const total = (logDets: ReadonlyArray<tf.Tensor>): tf.Tensor => logDets.reduce((a, b) => tf.add(a, b))

export interface Passed {
  /** Before the first part, and after each. */
  readonly values: ReadonlyArray<tf.Tensor>
  readonly logDet: tf.Tensor
}

/** Part by part. */
export const passedThrough = (flow: Bijector, x: tf.Tensor): Passed => {
  const values = [x]
  const logDets = partsOf(flow).map((part) => {
    const { value, logDet } = part.forward(values.at(-1)!)
    values.push(value)
    return logDet
  })
  return { values, logDet: total(logDets) }
}

/**
 * The inverse of a flow at the last of the values that its forward pass went through. Each part's inverse is taken to give the value that it
 * came from, without the digits that computing it would lose; its gradient is the inverse's. What a coupling makes of its passive part is thus
 * the same in both passes, and computed once.
 */
export const backThrough = (flow: Bijector, values: ReadonlyArray<tf.Tensor>): Mapped => {
  let y = values.at(-1)!
  const logDets = partsOf(flow)
    .map((part, i) => ({ part, from: values[i]! }))
    .toReversed()
    .map(({ part, from }) => {
      const { value, logDet } = part.inverse(y)
      y = withGradientOf(from, value)
      return logDet
    })
  return { value: y, logDet: total(logDets) }
}

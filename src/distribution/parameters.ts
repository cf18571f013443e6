/** What is checked of a distribution's parameters when it is made, and of a value when its density is asked for. */
import type * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import { ArgumentError, ShapeError } from "../errors.ts"
import { broadcastShapes, sameShape, showShape } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import { asTensor, hostValues, shapeOf } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"

/** A parameter and where it may lie. */
export type Parameter = readonly [value: Numeric, constraint: Constraint]
export type Parameters<P extends string> = Readonly<Record<P, Parameter>>

/** Numbers that are known when the distribution is made are held to the parameter's constraint. */
export const checkParameter = (distribution: string, parameter: string, [value, constraint]: Parameter): void => {
  const known = hostValues(value)
  const violation = known === undefined ? undefined : constraint.violation(known, shapeOf(value))
  if (violation === undefined) return
  throw new ArgumentError({ argument: `${distribution}.${parameter}`, expected: constraint.name, received: violation })
}

/** The shape that the parameters broadcast to. */
export const eventShapeOf = <P extends string>(distribution: string, parameters: Parameters<P>): Shape => {
  for (const [name, parameter] of Object.entries<Parameter>(parameters)) checkParameter(distribution, name, parameter)
  const where = `${distribution}(${Object.keys(parameters).join(", ")})`
  return broadcastShapes(
    where,
    Object.values<Parameter>(parameters).map(([value]) => shapeOf(value))
  )
}

export const tensorsOf = <P extends string>(parameters: Parameters<P>): Readonly<Record<P, tf.Tensor>> =>
  Object.fromEntries(Object.entries<Parameter>(parameters).map(([name, [value]]) => [name, asTensor(value)])) as Record<P, tf.Tensor>

/** The value as real numbers, if it has the event's shape. */
export const asEvent = (distribution: string, eventShape: Shape, value: tf.Tensor): tf.Tensor => {
  if (sameShape(value.shape, eventShape)) return asTensor(value)
  throw new ShapeError({
    where: `${distribution}.logProb`,
    expected: `${showShape(eventShape)} (the event's)`,
    received: showShape(value.shape),
    remedy: "A value is never broadcast: give the parameters the value's shape, or put independent rows into a plate."
  })
}

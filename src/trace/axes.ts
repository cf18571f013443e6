/** Hidden axes: particles, plates, time, data sets. Entering and leaving one relabels; it computes nothing. */
import type * as tf from "@tensorflow/tfjs-core"
import { ShapeError } from "../errors.ts"
import { full, mul } from "../graph/bind.ts"
import { emit, recorder } from "../graph/recorder.ts"
import { showShape } from "../graph/shape.ts"
import type { Axis, Value } from "../graph/value.ts"
import { activeAxes, tensorOf, valueOf, withActiveAxes } from "./backend.ts"

export type { Axis } from "../graph/value.ts"

/** A new innermost axis. */
export const newAxis = (name: string, size: number): Axis => ({ name, size, depth: activeAxes().length })

/** Runs `body` with the axis in force. */
export const under = <A>(axis: Axis, body: () => A): A => withActiveAxes([...activeAxes(), axis], body)

export const hiddenAxes = (t: tf.Tensor): ReadonlyArray<Axis> => valueOf(t).axes

const relabelled = (v: Value, change: Partial<Value>): tf.Tensor => tensorOf({ ...v, ...change })

/** Rows [n, …] → one row […], with the axis hidden. The axis is the innermost of those that the rows hide. */
export const enter = (rows: tf.Tensor, axis: Axis): tf.Tensor => {
  const v = valueOf(rows)
  if (rows.shape[0] !== axis.size) {
    throw new ShapeError({
      where: `plate "${axis.name}"`,
      expected: `[${axis.size}, …]`,
      received: showShape(rows.shape)
    })
  }
  return relabelled(v, { shape: v.shape.slice(1), axes: [...v.axes, axis] })
}

/** The reverse: the axis is seen again, in front. What does not vary over it is repeated. */
export const leave = (t: tf.Tensor, axis: Axis): tf.Tensor =>
  withActiveAxes(activeAxes().includes(axis) ? activeAxes() : [...activeAxes(), axis], () => {
    const v = valueOf(t)
    const rest = v.axes.filter((a) => a !== axis)
    return relabelled(v, { id: full(v, [...rest, axis]), shape: [axis.size, ...v.shape], axes: rest })
  })

/** The sum over a hidden axis, times `scale`; what does not vary over it counts `size` times. */
export const sumOver = (t: tf.Tensor, axis: Axis, scale = 1): tf.Tensor =>
  withActiveAxes(activeAxes().includes(axis) ? activeAxes() : [...activeAxes(), axis], () => {
    const v = valueOf(t)
    const at = v.axes.indexOf(axis)
    const factor = scale * (at < 0 ? axis.size : 1)
    const summed =
      at < 0 ? v : { ...v, recorder: recorder(), id: emit("sum", [v.id], { axes: [at] }), axes: v.axes.filter((a) => a !== axis) }
    return tensorOf(factor === 1 ? summed : mul(summed, factor))
  })

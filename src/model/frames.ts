/** Frames: the plates and chains in force while a body runs, outermost first. */
import type * as tf from "@tensorflow/tfjs-core"
import type { Shape } from "../graph/types.ts"
import { type Axis, enter, leave, sumOver, under } from "../trace/axes.ts"

/** One plate, or the time of one chain, as a hidden axis. */
export interface Frame {
  readonly name: string
  readonly size: number
  /** Runs what is written for one row. */
  readonly within: <A>(body: () => A) => A
  /** One row of what is seen outside. The value is asked for only when it is needed. */
  readonly enter: (value: () => tf.Tensor) => tf.Tensor
  readonly leave: (value: tf.Tensor) => tf.Tensor
  /** The reverse of `leave`: one row of the rows that are taken. */
  readonly reenter: (value: () => tf.Tensor) => tf.Tensor
  readonly sum: (value: tf.Tensor) => tf.Tensor
  /** Of how many rows these are taken, where not all are. */
  readonly takenOf?: number
}
export type Frames = ReadonlyArray<Frame>

export const axisFrame = (axis: Axis): Frame => ({
  name: axis.name,
  size: axis.size,
  within: (body) => under(axis, body),
  enter: (value) => enter(value(), axis),
  leave: (value) => leave(value, axis),
  reenter: (value) => enter(value(), axis),
  sum: (value) => sumOver(value, axis)
})

export const sizes = (frames: Frames): Shape => frames.map(({ size }) => size)

/** The row of a value that is seen from outside all of `frames`: [...sizes, ...event] → [...event]. */
export const enterAll = (value: () => tf.Tensor, frames: Frames): tf.Tensor =>
  frames.reduce<() => tf.Tensor>((outside, frame) => () => frame.enter(outside), value)()

/** The same for a value of the rows that are taken, as another run of the same plates left it. */
export const reenterAll = (value: tf.Tensor, frames: Frames): tf.Tensor =>
  frames.reduce<() => tf.Tensor>(
    (outside, frame) => () => frame.reenter(outside),
    () => value
  )()

/** The reverse, callable where the frames about these are in force: [...event] → [...sizes, ...event]. */
export const leaveAll = (value: tf.Tensor, frames: Frames): tf.Tensor => {
  const [outer, ...inner] = frames
  return outer === undefined ? value : outer.leave(outer.within(() => leaveAll(value, inner)))
}

/** Runs what is written for one row of `frames`. */
export const withinAll = <A>(frames: Frames, body: () => A): A =>
  frames.reduceRight<() => A>((inner, frame) => () => frame.within(inner), body)()

/** Recorded noise: it varies over every axis in force, and in the body of a scan over time. */
import type * as tf from "@tensorflow/tfjs-core"
import { bind } from "../graph/bind.ts"
import type { Recorder } from "../graph/recorder.ts"
import { emit, real, recorder, within } from "../graph/recorder.ts"
import type { Shape } from "../graph/types.ts"
import type { Axis, Value } from "../graph/value.ts"
import { sizesOf } from "../graph/value.ts"
import { activeAxes, inputFor, tensorOf } from "./backend.ts"
import { newAxis } from "./axes.ts"

/** What a scan's body draws: an input there, and all its rows [T, …] outside. */
export interface Drawn {
  readonly inside: Value
  readonly outside: Value
}

interface Hoisting {
  readonly name: string
  readonly length: number
  /** The axes in force about the scan; others are the body's own. */
  readonly about: ReadonlyArray<Axis>
  readonly drawn: Array<Drawn>
}

const hoisting = new WeakMap<Recorder, Hoisting>()

/** Runs the body of a scan; noise drawn in it is drawn outside, for all steps at once. */
export const hoistNoise = <A>(
  body: Recorder,
  name: string,
  length: number,
  f: () => A
): { readonly drawn: ReadonlyArray<Drawn>; readonly result: A } => {
  const state: Hoisting = { name, length, about: activeAxes(), drawn: [] }
  hoisting.set(body, state)
  const result = f()
  return { drawn: state.drawn, result }
}

const keySource = {}

/** The run's key: the seed's two words, and the step. */
const keyInput = (): Value => inputFor(keySource, "key", [3], "u32", () => undefined)

const uniformOver = (shape: Shape, stream: string, axes: ReadonlyArray<Axis>): Value => {
  const state = hoisting.get(recorder())
  if (state === undefined) {
    const attributes = { stream, axes: axes.map((a) => a.name), event: shape.length, shape: [...sizesOf(axes), ...shape] }
    const key = keyInput()
    return { ...real(emit("uniform", [key.id], attributes)), shape, axes }
  }
  const about = axes.filter((a) => state.about.includes(a))
  const own = axes.filter((a) => !state.about.includes(a))
  const row = [...sizesOf(own), ...shape]
  const outside = within(recorder().outer!, () => {
    const time = { ...newAxis(state.name, state.length), depth: about.length }
    const v = uniformOver(shape, stream, [...about, time, ...own])
    // time and the body's own axes are shown in front of the event, behind the hidden axes: the layout of the rows of a scan
    return { ...v, shape: [state.length, ...row], axes: v.axes.filter((a) => about.includes(a)) }
  })
  const inside = { ...real(emit("input", [], { shape: row }, "f32")), shape, axes: own }
  state.drawn.push({ inside, outside })
  return inside
}

export const uniform = (shape: Shape, stream: string, axes: ReadonlyArray<Axis> = activeAxes()): tf.Tensor =>
  tensorOf(uniformOver(shape, stream, axes))

export const standardNormal = (shape: Shape, stream: string, axes: ReadonlyArray<Axis> = activeAxes()): tf.Tensor => {
  const u = uniformOver(shape, stream, axes)
  const two = bind("mul", [u, real(emit("fill", [], { value: 2, shape: [] }, "f32"))])
  const centred = bind("sub", [two, real(emit("fill", [], { value: 1, shape: [] }, "f32"))])
  return tensorOf(bind("mul", [bind("erfinv", [centred]), real(emit("fill", [], { value: Math.SQRT2, shape: [] }, "f32"))]))
}

/** The carry of a chain: a tensor, or a record of them, of the same shapes at each step. */
import type * as tf from "@tensorflow/tfjs-core"
import { sameShape, showShape } from "../graph/shape.ts"
import type { CarryInit } from "./request.ts"
import { isValue, toTensor } from "./value.ts"

type Tensors = Readonly<Record<string, tf.Tensor>>

export const firstCarry = (init: CarryInit): unknown =>
  isValue(init) ? toTensor(init) : Object.fromEntries(Object.entries(init).map(([name, value]) => [name, toTensor(value)]))

const show = (carry: Tensors): string => {
  const parts = Object.entries(carry).map(([name, { shape }]) => `${name === "" ? "" : `${name} `}${showShape(shape)}`)
  return parts.length === 0 ? "no tensor" : parts.join(", ")
}

/** What a step returns has the names and shapes of what it was given. */
export const checkCarry = (before: Tensors, after: Tensors): void => {
  const names = Object.keys(before)
  const fits =
    Object.keys(after).length === names.length &&
    names.every((name) => after[name] !== undefined && sameShape(before[name]!.shape, after[name].shape))
  if (!fits) throw new Error(`the carry that its step returns must have the shapes of the first one, ${show(before)}, got ${show(after)}`)
}

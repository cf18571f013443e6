/** Numbers a user may pass, as tensors: traced while something is recorded, eager otherwise. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import { fill } from "../graph/bind.ts"
import { isRecording } from "../graph/recorder.ts"
import type { DType, NDArray, Shape, TypedArray } from "../graph/types.ts"
import { inputFor, knownNumbers, tensorOf } from "./backend.ts"

/** A number, an array of numbers (nested ones for matrices) or a tensor. */
export type Numeric =
  | number
  | boolean
  | tf.Tensor
  | TypedArray
  | NDArray
  | ReadonlyArray<number>
  | ReadonlyArray<boolean>
  | ReadonlyArray<Numeric>

type TensorDType = "float32" | "int32" | "bool"

const dtypes: Readonly<Record<TensorDType, DType>> = { float32: "f32", int32: "i32", bool: "bool" }

/** Whether a program is being recorded. */
export const isTracing = (): boolean => isRecording()

const isTypedArray = (x: unknown): x is TypedArray => ArrayBuffer.isView(x) && !(x instanceof DataView)

export const isNDArray = (x: unknown): x is NDArray =>
  typeof x === "object" && x !== null && "shape" in x && "data" in x && isTypedArray(x.data)

/** The shape of a numeric argument. */
export const shapeOf = (x: Numeric): Shape => {
  if (typeof x === "number" || typeof x === "boolean") return []
  if (x instanceof tf.Tensor) return x.shape
  if (isTypedArray(x)) return [x.length]
  if (isNDArray(x)) return x.shape
  if (!Array.isArray(x)) {
    throw new ArgumentError({ argument: "numeric value", expected: "a number, an array of numbers or a tensor", received: describe(x) })
  }
  const items = x as ReadonlyArray<Numeric>
  const first = items.length === 0 ? [] : shapeOf(items[0]!)
  for (let i = 1; i < items.length; i++) {
    const item = items[i]!
    if (first.length === 0 && (typeof item === "number" || typeof item === "boolean")) continue
    const s = shapeOf(item)
    if (s.length !== first.length || s.some((d, k) => d !== first[k])) {
      throw new ArgumentError({
        argument: "numeric value",
        expected: `rows of equal shape, as the first one's [${first.join(", ")}]`,
        received: `[${s.join(", ")}] at index ${i}`
      })
    }
  }
  return [items.length, ...first]
}

const describe = (x: unknown): string =>
  x === null ? "null" : x === undefined ? "undefined" : typeof x === "object" ? "an object" : `a ${typeof x}`

const isArrayOfTensors = (x: Numeric): boolean =>
  Array.isArray(x) && (x as ReadonlyArray<Numeric>).some((e) => e instanceof tf.Tensor || isArrayOfTensors(e))

const countOf = (x: unknown): number => {
  if (!Array.isArray(x)) return 1
  let count = 0
  for (const e of x) count += Array.isArray(e) ? countOf(e) : 1
  return count
}

/** Writes the numbers of nested arrays from `at` on, and gives where it ends. */
const flatten = (x: unknown, out: Float64Array, at: number): number => {
  if (typeof x === "number" || typeof x === "boolean") out[at] = Number(x)
  else if (Array.isArray(x)) {
    let end = at
    for (const e of x) end = flatten(e, out, end)
    return end
  } else throw new ArgumentError({ argument: `numeric value at ${at}`, expected: "a number", received: describe(x) })
  return at + 1
}

/** The numbers of an array argument, row-major. */
const flatNumbers = (x: Numeric): TypedArray => {
  if (isTypedArray(x)) return x
  if (isNDArray(x)) return x.data
  if (x instanceof tf.Tensor) return x.dataSync() as TypedArray
  const flat = new Float64Array(countOf(x))
  flatten(x, flat, 0)
  return flat
}

/**
 * A tensor of `x`. While recording, a number is a constant in full precision and an array an input of the graph, so that other data of
 * the same shape compile nothing, called `name` in messages; tensors pass through.
 */
export const asTensor = (x: Numeric, dtype: TensorDType = "float32", name = "data"): tf.Tensor => {
  if (x instanceof tf.Tensor) return x.dtype === dtype ? x : tf.cast(x, dtype)
  if (typeof x === "number" || typeof x === "boolean") return constant(Number(x), [], dtype)
  if (isArrayOfTensors(x)) return tf.stack((x as ReadonlyArray<Numeric>).map((e) => asTensor(e, dtype)))
  const shape = shapeOf(x)
  if (!isRecording()) return tf.tensor(Float32Array.from(flatNumbers(x)), [...shape], dtype)
  return tensorOf(inputFor(x as object, name, shape, dtypes[dtype], () => flatNumbers(x)))
}

/** A constant in the precision that it was computed in. */
export const constant = (value: number, shape: Shape = [], dtype: TensorDType = "float32"): tf.Tensor =>
  isRecording() ? tensorOf(fill(value, shape, dtypes[dtype])) : tf.fill([...shape], value, dtype)

/** The numbers of `x` where they are known while recording: literals, arrays, data; undefined for what is computed. */
export const hostValues = (x: Numeric): TypedArray | undefined => {
  if (x instanceof tf.Tensor) return knownNumbers(x)
  return isArrayOfTensors(x) ? undefined : flatNumbers(x)
}

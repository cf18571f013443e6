/** Values as a user may give them, and trees of tensors. */
import * as tf from "@tensorflow/tfjs-core"
import type { Distribution } from "../distribution/distribution.ts"
import type { NDArray } from "../graph/types.ts"
import { asTensor, isNDArray, type Numeric } from "../trace/tensor.ts"

export const isValue = (value: unknown): value is Numeric =>
  typeof value === "number" ||
  typeof value === "boolean" ||
  value instanceof tf.Tensor ||
  isNDArray(value) ||
  ArrayBuffer.isView(value) ||
  (Array.isArray(value) && value.every(isValue))

const isWhole = (data: unknown): boolean => data instanceof Int32Array || data instanceof Uint32Array || data instanceof Uint8Array

/** A tensor of a value: of integers for integer arrays, so that they can index; a tensor as it is. */
export const toTensor = (value: Numeric, name?: string): tf.Tensor => {
  if (value instanceof tf.Tensor) return value
  return asTensor(value, isWhole(isNDArray(value) ? value.data : value) ? "int32" : "float32", name)
}

/** A draw's value as the body gets it: integers can index. */
export const bodyValue = ({ kind }: Distribution, value: tf.Tensor): tf.Tensor =>
  kind === "integer" && value.dtype !== "int32" ? tf.cast(value, "int32") : value

/** Tensors in records and arrays: what a body may return from a plate, and carry from step to step. */
export type TensorTree = tf.Tensor | ReadonlyArray<TensorTree> | { readonly [name: string]: TensorTree }

/** The same tree with tensors of any rank: what is seen outside, where the leading axis is shown. */
export type Widened<A> = TensorTree extends A
  ? TensorTree
  : A extends tf.Tensor
    ? tf.Tensor
    : A extends object
      ? { readonly [K in keyof A]: Widened<A[K]> }
      : A

/** A tree with its tensors read out. */
export type Read<A> = A extends tf.Tensor
  ? NDArray
  : A extends (...args: never) => unknown
    ? A
    : A extends object
      ? { readonly [K in keyof A]: Read<A[K]> }
      : A

const isBranch = (tree: unknown): tree is object =>
  Array.isArray(tree) || (typeof tree === "object" && tree !== null && [Object.prototype, null].includes(Object.getPrototypeOf(tree)))

/** Applies `f` to each tensor; what is neither tensor, array nor plain record stays as it is. */
export const mapTensors = (tree: unknown, f: (tensor: tf.Tensor, path: string) => unknown, path = ""): unknown => {
  if (tree instanceof tf.Tensor) return f(tree, path)
  if (!isBranch(tree)) return tree
  if (Array.isArray(tree)) return tree.map((branch, i) => mapTensors(branch, f, `${path}[${i}]`))
  return Object.fromEntries(
    Object.entries(tree).map(([name, branch]) => [name, mapTensors(branch, f, path === "" ? name : `${path}.${name}`)])
  )
}

/** The tensors of a tree by their paths. */
export const flatten = (tree: unknown): Record<string, tf.Tensor> => {
  const leaves: Record<string, tf.Tensor> = {}
  mapTensors(tree, (tensor, path) => {
    leaves[path] = tensor
  })
  return leaves
}

/** Row `index` of a tensor. */
export const pick = (rows: tf.Tensor, index: number): tf.Tensor => tf.gather(rows, tf.scalar(index, "int32"))

/** Equal trees of tensors as one, each of whose tensors has them on its leading axis. */
export const stackTrees = (trees: ReadonlyArray<unknown>): unknown => {
  const rows = trees.map(flatten)
  return mapTensors(trees[0], (_, path) =>
    tf.stack(
      rows.map((row, i) => {
        if (row[path] === undefined) throw new Error(`its rows return different things: row ${i} has no ${path === "" ? "tensor" : path}`)
        return row[path]
      })
    )
  )
}

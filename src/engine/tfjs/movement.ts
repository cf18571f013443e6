/** Strided windows and lookups in tfjs operations. */
import * as tf from "@tensorflow/tfjs-core"
import { range } from "../../graph/shape.ts"
import type { Shape } from "../../graph/types.ts"

const backwards = (stride: Shape): Array<number> => range(stride.length).filter((d) => stride[d]! < 0)

/** A window that runs backwards along some dimensions is one that runs forwards in the reversed tensor. */
const turned = (x: tf.Tensor, stride: Shape): tf.Tensor => (backwards(stride).length === 0 ? x : tf.reverse(x, backwards(stride)))

export const slice = (x: tf.Tensor, begin: Shape, size: Shape, stride: Shape): tf.Tensor => {
  const first = begin.map((b, d) => (stride[d]! < 0 ? x.shape[d]! - 1 - b : b))
  const steps = stride.map(Math.abs)
  if (steps.every((s) => s === 1)) return tf.slice(turned(x, stride), first, [...size])
  const end = first.map((b, d) => b + (size[d]! - 1) * steps[d]! + 1)
  return tf.stridedSlice(turned(x, stride), first, end, steps)
}

/** Zeros between neighbours along dimension d. */
const dilated = (x: tf.Tensor, d: number, step: number): tf.Tensor => {
  const n = x.shape[d]!
  if (step === 1 || n === 1) return x
  const [before, after] = [x.shape.slice(0, d).reduce((a, b) => a * b, 1), x.shape.slice(d + 1).reduce((a, b) => a * b, 1)]
  const spaced = tf.pad(tf.reshape(x, [before * n, 1, after]), [
    [0, 0],
    [0, step - 1],
    [0, 0]
  ])
  return tf.slice(
    tf.reshape(spaced, x.shape.with(d, n * step)),
    x.shape.map(() => 0),
    x.shape.with(d, (n - 1) * step + 1)
  )
}

export const unslice = (x: tf.Tensor, begin: Shape, stride: Shape, shape: Shape): tf.Tensor => {
  const floats = x.dtype === "bool" ? tf.cast(x, "int32") : x
  const spread = stride.reduce((y, s, d) => dilated(y, d, Math.abs(s)), turned(floats, stride))
  const first = begin.map((b, d) => (stride[d]! < 0 ? b - spread.shape[d]! + 1 : b))
  const padded = tf.pad(
    spread,
    first.map((b, d): [number, number] => [b, shape[d]! - b - spread.shape[d]!])
  )
  return x.dtype === "bool" ? tf.notEqual(padded, 0) : padded
}

/** The positions of [B, I] in the rows of all batches, each of `length`; `outside` where the index is not in its batch. */
const flatIndex = (index: tf.Tensor, length: number, outside: number): tf.Tensor => {
  const [B, I] = index.shape as [number, number]
  const inside = tf.logicalAnd(tf.greaterEqual(index, 0), tf.less(index, length))
  const flat = tf.add(index, tf.reshape(tf.range(0, B * length, length, "int32"), [B, 1]))
  return tf.reshape(tf.where(inside, flat, tf.scalar(outside, "int32")), [B * I])
}

/** [B, P, D, Q] → [B · D, P · Q]. */
const asRows = (x: tf.Tensor): tf.Tensor => {
  const [B, P, D, Q] = x.shape as [number, number, number, number]
  return tf.reshape(P === 1 ? x : tf.transpose(x, [0, 2, 1, 3]), [B * D, P * Q])
}

const fromRows = (rows: tf.Tensor, [B, P, D, Q]: readonly [number, number, number, number]): tf.Tensor =>
  P === 1 ? tf.reshape(rows, [B, P, D, Q]) : tf.transpose(tf.reshape(rows, [B, D, P, Q]), [0, 2, 1, 3])

/** [B, P, D, Q] at [B, I] → [B, P, I, Q]; NaN, or 0 among integers, where the index is outside. */
export const take = (x: tf.Tensor, index: tf.Tensor): tf.Tensor => {
  const [B, P, D, Q] = x.shape as [number, number, number, number]
  const nothing = tf.cast(tf.fill([1, P * Q], x.dtype === "float32" ? NaN : 0), x.dtype)
  const rows = tf.gather(tf.concat([asRows(x), nothing]), flatIndex(index, D, B * D))
  return fromRows(rows, [B, P, index.shape[1]!, Q])
}

/** [B, P, I, Q] added up at [B, I] → [B, P, length, Q]; what points outside is left out. */
export const put = (x: tf.Tensor, index: tf.Tensor, length: number): tf.Tensor => {
  const [B, P, I, Q] = x.shape as [number, number, number, number]
  const places = tf.reshape(flatIndex(index, length, B * length), [B * I, 1])
  const sums = tf.scatterND(places, asRows(x), [B * length + 1, P * Q])
  return fromRows(tf.slice(sums, [0, 0], [B * length, P * Q]), [B, P, length, Q])
}

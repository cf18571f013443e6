/** Each primitive in tfjs operations, in float32. What has none is computed by the reference kernel: see replay.ts. */
import * as tf from "@tensorflow/tfjs-core"
import type { Attributes, DType, Node, Shape } from "../../graph/types.ts"
import { put, slice, take, unslice } from "./movement.ts"
import { erf, erfinv } from "./special.ts"

export type Operation = (inputs: ReadonlyArray<tf.Tensor>, node: Node) => tf.Tensor

const dtypes: Readonly<Record<DType, "float32" | "int32" | "bool" | undefined>> = {
  f32: "float32",
  i32: "int32",
  bool: "bool",
  f64: "float32",
  u32: undefined
}

/** The tfjs dtype of a node's; float64 is float32 there, and unsigned integers it has none. */
export const dtypeOf = (dtype: DType): "float32" | "int32" | "bool" | undefined => dtypes[dtype]

const one =
  (f: (x: tf.Tensor) => tf.Tensor): Operation =>
  ([x]) =>
    f(x!)
const two =
  (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
  ([a, b]) =>
    f(a!, b!)

const asInt = (x: tf.Tensor): tf.Tensor => (x.dtype === "bool" ? tf.cast(x, "int32") : x)
const asFloat = (x: tf.Tensor): tf.Tensor => (x.dtype === "float32" ? x : tf.cast(x, "float32"))
const truth = (x: tf.Tensor): tf.Tensor => (x.dtype === "bool" ? x : tf.notEqual(x, 0))

/** `a` where it is chosen or NaN, so that a NaN of either operand is the result. */
const extremum =
  (chosen: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
  ([a, b]) =>
    tf.where(tf.logicalOr(chosen(a!, b!), tf.isNaN(asFloat(a!))), a!, b!)

const axesOf = (attributes: Attributes): Array<number> => [...(attributes["axes"] as ReadonlyArray<number>)]

/** tfjs's extrema of a row may pass over a NaN; bools are reduced as integers. */
const reduced =
  (f: (x: tf.Tensor, axes: Array<number>) => tf.Tensor): Operation =>
  ([x], { attributes }) => {
    const axes = axesOf(attributes)
    if (x!.dtype !== "float32") return f(asInt(x!), axes)
    return tf.where(tf.any(tf.isNaN(x!), axes), NaN, f(x!, axes))
  }

const cast: Operation = ([x], node) => {
  const to = dtypeOf(node.dtype)!
  return to === "bool"
    ? tf.notEqual(x!, 0)
    : tf.cast(to === "int32" && x!.dtype === "float32" ? tf.where(tf.less(x!, 0), tf.ceil(x!), tf.floor(x!)) : x!, to)
}

const matrixTranspose = (x: tf.Tensor): tf.Tensor => tf.transpose(x, x.rank === 2 ? [1, 0] : [0, 2, 1])

/** A factor is transposed beforehand: the wasm backend multiplies transposed ones many times slower. */
const dot: Operation = ([a, b], { attributes: { transposeA, transposeB } }) =>
  tf.matMul(transposeA === true ? matrixTranspose(a!) : a!, transposeB === true ? matrixTranspose(b!) : b!)

const onehot: Operation = ([x], { dtype, attributes: { depth, on, off } }) => {
  const hit = tf.equal(tf.expandDims(x!, -1), tf.range(0, depth as number, 1, "int32"))
  return tf.where(hit, tf.scalar(on as number, dtypeOf(dtype)), tf.scalar(off as number, dtypeOf(dtype)))
}

const broadcast: Operation = ([x], node) => tf.broadcastTo(x!, [...node.shape])

export const operations: Readonly<Record<string, Operation>> = {
  neg: one(tf.neg),
  exp: one(tf.exp),
  expm1: one(tf.expm1),
  log: one(tf.log),
  log1p: one(tf.log1p),
  tanh: one(tf.tanh),
  sigmoid: one(tf.sigmoid),
  softplus: one((x) => tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))))),
  relu: one((x) => tf.where(tf.less(x, 0), 0, x)),
  sqrt: one(tf.sqrt),
  rsqrt: one(tf.rsqrt),
  square: one(tf.square),
  abs: one(tf.abs),
  reciprocal: one(tf.reciprocal),
  sin: one(tf.sin),
  cos: one(tf.cos),
  atan: one(tf.atan),
  erf: one(erf),
  erfinv: one(erfinv),
  stopGradient: one(tf.clone),
  sign: one(tf.sign),
  floor: one(tf.floor),
  ceil: one(tf.ceil),
  round: one(tf.round),
  not: one((x) => tf.logicalNot(truth(x))),
  isnan: one((x) => tf.isNaN(asFloat(x))),
  isinf: one((x) => tf.isInf(asFloat(x))),
  isfinite: one((x) => tf.isFinite(asFloat(x))),

  add: two(tf.add),
  sub: two(tf.sub),
  mul: two(tf.mul),
  div: two((a, b) => (a.dtype === "int32" && b.dtype === "int32" ? tf.cast(tf.div(asFloat(a), asFloat(b)), "int32") : tf.div(a, b))),
  pow: two(tf.pow),
  maximum: extremum(tf.greater),
  minimum: extremum(tf.less),
  mod: two(tf.mod),
  atan2: two(tf.atan2),
  withGradientOf: two((a, b) => tf.add(a, tf.zerosLike(b))),
  greater: two(tf.greater),
  greaterEqual: two(tf.greaterEqual),
  less: two(tf.less),
  lessEqual: two(tf.lessEqual),
  equal: two(tf.equal),
  notEqual: two(tf.notEqual),
  and: two((a, b) => tf.logicalAnd(truth(a), truth(b))),
  or: two((a, b) => tf.logicalOr(truth(a), truth(b))),
  xor: two((a, b) => tf.logicalXor(truth(a), truth(b))),
  select: ([c, a, b]) => tf.where(truth(c!), a!, b!),
  cast,

  sum: ([x], { attributes }) => tf.sum(asInt(x!), axesOf(attributes)),
  prod: ([x], { attributes }) => tf.prod(asInt(x!), axesOf(attributes)),
  max: reduced((x, axes) => tf.max(x, axes)),
  min: reduced((x, axes) => tf.min(x, axes)),
  argmax: ([x], { attributes }) => tf.argMax(x!, attributes["axis"] as number),
  cumsum: ([x], { attributes: { axis, exclusive, backward } }) => tf.cumsum(x!, axis as number, exclusive === true, backward === true),

  reshape: ([x], node) => tf.reshape(x!, [...node.shape]),
  transpose: ([x], { attributes }) => tf.transpose(x!, [...(attributes["permutation"] as Shape)]),
  broadcast,
  concat: (xs, { attributes }) => tf.concat([...xs], attributes["axis"] as number),
  slice: ([x], { attributes: { begin, size, stride } }) => slice(x!, begin as Shape, size as Shape, stride as Shape),
  unslice: ([x], { attributes: { begin, stride, shape } }) => unslice(x!, begin as Shape, stride as Shape, shape as Shape),
  take: ([x, index]) => take(x!, index!),
  put: ([x, index], { attributes }) => put(x!, index!, attributes["length"] as number),
  onehot,
  dot
}

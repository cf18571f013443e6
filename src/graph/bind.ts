/** Recording a primitive as one draw sees it. The batching rules are applied here, and nowhere else. */
import { primitive } from "./primitive/table.ts"
import { emit, real, recorder } from "./recorder.ts"
import { ones, range, sizeOf } from "./shape.ts"
import type { Attributes, DType, Shape } from "./types.ts"
import { isFloat } from "./types.ts"
import type { Axis, Value } from "./value.ts"
import { sizesOf, unionOf } from "./value.ts"

/** `v` in another dtype; a number is one at once. */
export const cast = (v: Value, to: DType): Value => {
  if (v.dtype === to) return v
  const { op, attributes } = v.recorder.nodes[v.id]!
  return op === "fill" && isFloat(v.dtype) && isFloat(to)
    ? { ...v, id: emit("fill", [], attributes, to), dtype: to }
    : bind("cast", [v], { to })
}

/** Numbers in float32 beside one in float64 are cast to it. */
const promoted = (values: ReadonlyArray<Value>): ReadonlyArray<Value> =>
  values.some((v) => v.dtype === "f64") ? values.map((v) => (v.dtype === "f32" ? cast(v, "f64") : v)) : values

export const bind = (op: string, given: ReadonlyArray<Value>, attributes: Attributes = {}, dtype?: DType): Value => {
  const p = primitive(op)
  const values = p.keepsDTypes === true ? given : promoted(given)
  const axes = unionOf(values.map((v) => v.axes))
  if (p.rule !== undefined) return p.rule(values, attributes, axes)
  if (axes.length === 0)
    return real(
      emit(
        op,
        values.map((v) => v.id),
        attributes,
        dtype
      )
    )
  const shape = p.shape(attributes, ...values.map((v) => v.shape))
  const id = p.batch(values, attributes, axes, shape, dtype)
  return { recorder: recorder(), id, shape, axes, dtype: recorder().nodes[id]!.dtype }
}

/** A constant without axes. */
export const fill = (value: number, shape: Shape = [], dtype: DType = "f32"): Value => real(emit("fill", [], { value, shape }, dtype))

/** `bind` that takes numbers as constants of the dtype of the other operands. */
export const apply = (op: string, ...operands: ReadonlyArray<Value | number>): Value => {
  const dtype = operands.find((o): o is Value => typeof o !== "number" && o.dtype !== "bool")?.dtype ?? "f32"
  return bind(
    op,
    operands.map((o) => (typeof o === "number" ? fill(o, [], dtype) : o))
  )
}

/** The node of `v` with a 1 for each axis of `axes` that it lacks and 1s that pad its shape to `rank`. Never copies. */
export const thin = (v: Value, axes: ReadonlyArray<Axis>, rank: number): number =>
  v.axes.length === 0
    ? v.id
    : emit("reshape", [v.id], {
        shape: [...axes.map((a) => (v.axes.includes(a) ? a.size : 1)), ...ones(rank - v.shape.length), ...v.shape]
      })

/** The node of `v` with every axis of `axes` at full size. */
export const full = (v: Value, axes: ReadonlyArray<Axis>): number =>
  v.axes.length === axes.length ? v.id : emit("broadcast", [thin(v, axes, v.shape.length)], { shape: [...sizesOf(axes), ...v.shape] })

/** Reorders labelled dimensions; where only dimensions of size 1 move it is a reshape. */
export const arrange = (id: number, from: ReadonlyArray<unknown>, to: ReadonlyArray<unknown>): number => {
  const shape = recorder().nodes[id]!.shape
  const permutation = to.map((label) => from.indexOf(label))
  const moving = permutation.filter((p) => shape[p] !== 1)
  return moving.every((p, i) => i === 0 || p > moving[i - 1]!)
    ? emit("reshape", [id], { shape: permutation.map((p) => shape[p]!) })
    : emit("transpose", [id], { permutation })
}

// Shorthands used by reverse-mode rules and lowerings.
export const add = (a: Value | number, b: Value | number): Value => apply("add", a, b)
export const sub = (a: Value | number, b: Value | number): Value => apply("sub", a, b)
export const mul = (a: Value | number, b: Value | number): Value => apply("mul", a, b)
export const div = (a: Value | number, b: Value | number): Value => apply("div", a, b)
export const neg = (a: Value): Value => apply("neg", a)
export const select = (condition: Value, a: Value | number, b: Value | number): Value => {
  const dtype = [a, b].find((o): o is Value => typeof o !== "number")?.dtype ?? "f32"
  const operand = (o: Value | number): Value => (typeof o === "number" ? fill(o, [], dtype) : o)
  return bind("select", [condition, operand(a), operand(b)])
}
export const reshape = (x: Value, shape: Shape): Value => bind("reshape", [x], { shape })
export const sum = (x: Value, axes: ReadonlyArray<number>): Value => (axes.length === 0 ? x : bind("sum", [x], { axes }))
export const sumAll = (x: Value): Value => sum(x, range(x.shape.length))
export const transpose = (x: Value, permutation: ReadonlyArray<number>): Value => bind("transpose", [x], { permutation })
export const slice = (x: Value, begin: ReadonlyArray<number>, size: Shape, stride: ReadonlyArray<number> = ones(begin.length)): Value =>
  bind("slice", [x], { begin, size, stride })
export const concat = (xs: ReadonlyArray<Value>, axis: number): Value => (xs.length === 1 ? xs[0]! : bind("concat", xs, { axis }))
export const broadcastTo = (x: Value, shape: Shape): Value => bind("broadcast", [x], { shape })
export const matrixTranspose = (x: Value): Value => {
  const k = x.shape.length - 2
  return transpose(x, [...range(k), k + 1, k])
}

/** The reverse of broadcasting: `g` summed down to `shape`. */
export const unbroadcast = (g: Value, shape: Shape): Value => {
  const offset = g.shape.length - shape.length
  const axes = range(g.shape.length).filter((i) => i < offset || (shape[i - offset] === 1 && g.shape[i] !== 1))
  return sizeOf(g.shape) === sizeOf(shape) && axes.length === 0 ? reshape(g, shape) : reshape(sum(g, axes), shape)
}

/** A primitive's case as a program: its value, and its gradients under fixed weights. */
import { bind } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { primitives } from "../../src/graph/primitive/table.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { DType, Program, TypedArray } from "../../src/graph/types.ts"
import { normals } from "../support/numbers.ts"
import type { PrimitiveCase } from "./primitiveCases.ts"

const isFloat = (dtype: string): boolean => dtype === "f32" || dtype === "f64"

/** Whether reverse mode goes through the primitive; `dot`, `gather` and `scan` are rules that record others. */
const isDifferentiable = (op: string): boolean => op === "gather" || primitives()[op]!.reverse !== undefined

/** Real inputs are of the given dtype. */
export const caseProgram = (
  c: PrimitiveCase,
  real32: DType = "f32"
): { readonly program: Program; readonly inputs: Readonly<Record<string, TypedArray>> } => {
  const r = newRecorder(undefined)
  const data: Record<string, TypedArray> = {}
  const inputs = c.inputs.map(({ shape, dtype: given, domain }, i) => {
    const dtype = given === "f32" ? real32 : given
    const name = `input ${i}`
    const numbers = normals(17 + i, sizeOf(shape)).map(domain)
    data[name] = dtype === "i32" ? Int32Array.from(numbers) : dtype === "bool" ? Uint8Array.from(numbers) : Float32Array.from(numbers)
    return { name, dtype, shape }
  })
  return within(r, () => {
    const values = inputs.map(({ name, dtype, shape }) => real(emit("input", [], { name, shape }, dtype)))
    const output = bind(c.op, values, c.attributes)
    const wrt = values.filter((v) => isFloat(v.dtype))
    const outputs = [output.id]
    if (wrt.length > 0 && isFloat(output.dtype) && c.op !== "trigamma" && isDifferentiable(c.op)) {
      const weights = real(
        emit("constant", [], { shape: output.shape, value: Float64Array.from(normals(5, sizeOf(output.shape))) }, output.dtype)
      )
      const total = bind("sum", [bind("mul", [output, weights])], { axes: range(output.shape.length) })
      outputs.push(...grad(total, wrt).map((g) => g.id))
    }
    return { program: { graph: r, inputs: values.map((v, i) => ({ node: v.id, name: inputs[i]!.name })), outputs }, inputs: data }
  })
}

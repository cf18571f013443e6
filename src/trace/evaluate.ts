/** Tracing and running in one go, in float64 on the reference kernels: for laws, checks and small jobs. */
import * as tf from "@tensorflow/tfjs-core"
import { contextOf, prepare } from "../graph/interpret.ts"
import { simplify } from "../graph/simplify.ts"
import type { NDArray } from "../graph/types.ts"
import type { Key } from "../random/key.ts"
import { recording } from "./backend.ts"
import { placeholder, programOf } from "./trace.ts"

/** The outputs of `f` at `inputs`; noise in it is drawn with `key`. It may be called while something else is traced. */
export const evaluate = (
  f: (...inputs: ReadonlyArray<tf.Tensor>) => tf.Tensor | ReadonlyArray<tf.Tensor>,
  inputs: ReadonlyArray<NDArray>,
  key: Key = { hi: 0, lo: 0 }
): ReadonlyArray<NDArray> => {
  const { program, shapes } = recording(() => {
    const tensors = inputs.map((x, i) => placeholder(`input ${i}`, x.shape, x.data instanceof Int32Array ? "i32" : "f32"))
    const out = f(...tensors)
    const outputs = out instanceof tf.Tensor ? [out] : out
    return { program: simplify(programOf(outputs)), shapes: outputs.map((t) => t.shape) }
  }).result
  const values = new Map(
    program.inputs.flatMap(({ node, name, data }) => {
      const fed = name.startsWith("input ") ? inputs[Number(name.slice("input ".length))]?.data : undefined
      const given = name === "key" ? Uint32Array.of(key.hi, key.lo, 0) : (fed ?? data)
      return given === undefined ? [] : [[node, given] as const]
    })
  )
  return prepare(program.graph, program.outputs, contextOf("float64"))
    .run(values)
    .map((data, i) => ({ shape: shapes[i]!, data: data.slice() }))
}

/** A primitive as an operation on tensors: recorded while something is traced, evaluated by its reference kernel otherwise. */
import * as tf from "@tensorflow/tfjs-core"
import { bind } from "../graph/bind.ts"
import { contextOf, prepare } from "../graph/interpret.ts"
import { emit, isRecording, newRecorder, within } from "../graph/recorder.ts"
import type { Attributes, TypedArray } from "../graph/types.ts"
import { dtypeOf, tensorOf, valueOf } from "./backend.ts"

export const operation = (op: string, inputs: ReadonlyArray<tf.Tensor>, attributes: Attributes = {}): tf.Tensor =>
  isRecording() ? tensorOf(bind(op, inputs.map(valueOf), attributes)) : eagerly(op, inputs, attributes)

const eagerly = (op: string, inputs: ReadonlyArray<tf.Tensor>, attributes: Attributes): tf.Tensor => {
  const r = newRecorder(undefined)
  return within(r, () => {
    const ids = inputs.map((t) => emit("input", [], { shape: t.shape }, dtypeOf(t)))
    const out = emit(op, ids, attributes)
    const node = r.nodes[out]!
    const values = new Map(ids.map((id, i) => [id, inputs[i]!.dataSync() as TypedArray]))
    const [result] = prepare({ nodes: r.nodes }, [out], contextOf("float64")).run(values)
    const dtype = node.dtype === "bool" ? "bool" : node.dtype === "i32" || node.dtype === "u32" ? "int32" : "float32"
    const data = dtype === "float32" ? Float32Array.from(result!) : dtype === "int32" ? Int32Array.from(result!) : Uint8Array.from(result!)
    return tf.tensor(data, [...node.shape], dtype)
  })
}

/** Tracing: a function of tensors becomes a graph. */
import type * as tf from "@tensorflow/tfjs-core"
import { TraceError } from "../errors.ts"
import { grad } from "../graph/grad.ts"
import type { Recorder } from "../graph/recorder.ts"
import { isRecording, recorder } from "../graph/recorder.ts"
import type { DType, Program, Shape } from "../graph/types.ts"
import { inputFor, recording, tensorOf, valueOf } from "./backend.ts"

export interface Traced<out A> {
  readonly recorder: Recorder
  readonly result: A
}

/** Records `f`, once. */
export const trace = <A>(f: () => A): Traced<A> => {
  if (isRecording()) throw new TraceError({ operation: "trace", reason: "a trace was started inside another one" })
  return recording(f)
}

/** An input of the program, fed under its name at run time. */
export const placeholder = (name: string, shape: Shape, dtype: DType = "f32"): tf.Tensor => {
  if (recorder().inputs.some((i) => i.name === name)) {
    throw new TraceError({ operation: "placeholder", reason: `there are two inputs named "${name}"` })
  }
  return tensorOf(inputFor({}, name, shape, dtype, () => undefined))
}

/** Labels what `f` records with the site, parameter or layer it belongs to. */
export const withOrigin = <A>(origin: string, f: () => A): A => {
  const r = recorder()
  const before = r.origin
  r.origin = before === "" ? origin : `${before} > ${origin}`
  try {
    return f()
  } finally {
    r.origin = before
  }
}

/** Gradients of a scalar; of its sum over hidden axes where it has any. */
export const gradient = (scalar: tf.Tensor, wrt: ReadonlyArray<tf.Tensor>): ReadonlyArray<tf.Tensor> =>
  grad(valueOf(scalar), wrt.map(valueOf)).map(tensorOf)

/** The program that computes `outputs`, which hide no axis. Call it inside the trace. */
export const programOf = (outputs: ReadonlyArray<tf.Tensor>): Program => {
  const r = recorder()
  return { graph: { nodes: r.nodes }, inputs: r.inputs, outputs: outputs.map((t) => valueOf(t).id) }
}

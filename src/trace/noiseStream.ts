/** Noise: the only source of randomness inside a model or a guide, for one draw. */
import type * as tf from "@tensorflow/tfjs-core"
import { TraceError } from "../errors.ts"
import type { Shape } from "../graph/types.ts"
import type { Axis } from "../graph/value.ts"
import { isRecording } from "../graph/recorder.ts"
import { activeAxes } from "./backend.ts"
import { standardNormal, uniform } from "./noise.ts"

/** Each call gives fresh, independent noise; its bits depend on the seed, the stream's name, the call's number and the coordinates. */
export interface Noise {
  /** Uniform on the open interval (0, 1). */
  readonly uniform: (shape: Shape) => tf.Tensor
  readonly normal: (shape: Shape) => tf.Tensor
}

/** Recorded noise under a name; it varies over all axes in force unless `axes` says otherwise. */
export const noiseStream = (name: string, options: { readonly axes?: ReadonlyArray<Axis> } = {}): Noise => {
  let calls = 0
  const next = (): string => {
    if (!isRecording())
      throw new TraceError({ operation: `noise "${name}"`, reason: "recorded noise was asked for while nothing is traced" })
    return `${name}#${calls++}`
  }
  return {
    uniform: (shape) => uniform(shape, next(), options.axes ?? activeAxes()),
    normal: (shape) => standardNormal(shape, next(), options.axes ?? activeAxes())
  }
}

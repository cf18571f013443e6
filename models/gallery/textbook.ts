/** The architectures of the teaching texts, as learnables of one's own: whatever builds a bijector from parameters is one. */
import * as tf from "@tensorflow/tfjs-core"
import { affineCoupling, type Bijector, invert, type ScaleShift } from "pushforward/bijectors"
import { combine, type FlowContext, type Learnable, mlp, type NetworkOptions, sequence } from "pushforward/learnables"

export interface TextbookOptions extends NetworkOptions {
  readonly size: number
  readonly couplings: number
  /** The length of what its networks are conditioned on; by default nothing. */
  readonly context?: number
  /** The direction in which y = x exp(s) + t is computed; by default towards the data. */
  readonly towards?: "data" | "base"
  /** From the output of a network to s; by default itself. */
  readonly logScale?: (raw: tf.Tensor) => tf.Tensor
}

/** RealNVP as it is mostly taught: couplings whose mapped halves alternate, with a network for the scale and another for the shift. */
export const textbookRealNVP = ({
  size,
  couplings,
  context = 0,
  towards = "data",
  logScale = (raw) => raw,
  ...network
}: TextbookOptions): Learnable<Bijector, FlowContext> => {
  const half = Math.floor(size / 2)
  const coupling = (transform: "first" | "last"): Learnable<Bijector, FlowContext> => {
    const [active, passive] = transform === "first" ? [half, size - half] : [size - half, half]
    const parts = mlp({ inputs: passive, outputs: active, context, ...network })
    return combine("coupling", { scale: parts, shift: parts }, ({ scale, shift }, given: FlowContext) => {
      const conditioner = (x: tf.Tensor): ScaleShift => ({ logScale: logScale(scale(x, given)), shift: shift(x, given) })
      const bijector = affineCoupling({ size, transform, conditioner })
      return towards === "data" ? bijector : invert(bijector)
    })
  }
  const layers = Array.from({ length: couplings }, (_, i) => coupling(i % 2 === 0 ? "last" : "first"))
  return sequence(towards === "data" ? layers : layers.toReversed())
}

/** s = bound · tanh(raw). */
export const boundedBy =
  (bound: number) =>
  (raw: tf.Tensor): tf.Tensor =>
    tf.mul(tf.tanh(raw), bound)

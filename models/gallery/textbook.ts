/** The architectures of the teaching texts, as learnables of one's own: whatever builds a bijector from parameters is one. */
import * as tf from "@tensorflow/tfjs-core"
import { constantRate, type DensityOptions, wasm } from "pushforward"
import { affineCoupling, type Bijector, coupling, invert, rationalQuadraticSpline, type ScaleShift } from "pushforward/bijectors"
import { combine, type FlowContext, type Learnable, mlp, type NetworkOptions, parameter, sequence } from "pushforward/learnables"

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

/** What the texts' networks start from, as PyTorch's layers do: weights of variance 1 / (3 inputs). */
export const pytorchStart = { gain: 1 / Math.sqrt(3), outputScale: 1 / Math.sqrt(3) } as const

/** How the texts train: on all points, at one rate, and the last step's parameters are what is kept. */
export const plainly = (rate = 1e-3): DensityOptions => ({
  heldOut: 0,
  averaging: 0,
  learningRate: constantRate(rate),
  engine: wasm({ precision: "float32" })
})

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
    const parts = mlp({ inputs: passive, outputs: active, context, ...pytorchStart, ...network })
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

export interface SplineOfOne {
  readonly bins: number
  /** Beyond it a spline is the identity. */
  readonly bound: number
}

/** A spline of the first of two components, with parameters of its own. */
export const splineOfFirst = ({ bins, bound }: SplineOfOne): Learnable<Bijector, FlowContext> =>
  combine("spline of the first", { raw: parameter([Array.from({ length: 3 * bins - 1 }, () => 0)]) }, ({ raw }) =>
    coupling("spline of the first", { size: 2, transform: "first" }, () => rationalQuadraticSpline(raw, bound))
  )

/** A spline of the second of two components, by a network of the first. */
export const splineOfSecond = ({
  bins,
  bound,
  hidden
}: SplineOfOne & { readonly hidden: ReadonlyArray<number> }): Learnable<Bijector, FlowContext> =>
  combine(
    "spline of the second",
    { network: mlp({ inputs: 1, outputs: 3 * bins - 1, hidden, ...pytorchStart, outputScale: 0 }) },
    ({ network }) =>
      coupling("spline of the second", { size: 2 }, (first) =>
        rationalQuadraticSpline(tf.reshape(network(first), [1, 3 * bins - 1]), bound)
      )
  )

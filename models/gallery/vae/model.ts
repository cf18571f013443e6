/** Variational autoencoders: a model of digits with a latent vector each, and amortised guides of it. Both are for one digit. */
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, type NDArray, observe, param, plate, sample } from "pushforward"
import { type Bijector, compose, scaleShift } from "pushforward/bijectors"
import { Bernoulli, type Distribution, Normal, Transformed } from "pushforward/distributions"
import { conditional, type FlowContext, type Learnable, mlp } from "pushforward/learnables"
import { pytorchStart } from "../textbook.ts"

export interface Sizes {
  /** Of the latent vector, */
  readonly latent: number
  /** of what the layers of a posterior are conditioned on, beside its location and scale, */
  readonly context: number
  /** and of an image. */
  readonly pixels: number
  /** Widths of the hidden layers of encoder and decoder. */
  readonly hidden: ReadonlyArray<number>
  /** Digits in a step. */
  readonly batch: number
}

export type Prior = Learnable<Distribution<"real">, FlowContext>
export type Flow = Learnable<Bijector, FlowContext>

/** Of digits [n, pixels], or of so many that are to be drawn. */
export const digitModel = ({ latent, pixels, hidden, batch }: Sizes, prior: Prior) =>
  model(function* (digits: NDArray | number) {
    const distribution = yield* param("prior", prior)
    const decode = yield* param("decoder", mlp({ inputs: latent, outputs: pixels, hidden, ...pytorchStart }))
    yield* plate(
      "digit",
      digits,
      function* (image) {
        const logits = decode(yield* sample("z", distribution))
        yield* deterministic("ink", tf.sigmoid(logits))
        yield* observe("image", Bernoulli(logits), typeof digits === "number" ? undefined : image)
      },
      { subsample: batch }
    )
  })

/** z = location + scale · f(ε; context), ε ~ Normal(0, I), where location, scale and context are what the encoder makes of the image. */
export const digitGuide = ({ latent, context, pixels, hidden, batch }: Sizes, flow: Flow) =>
  model(function* (digits: NDArray) {
    const encode = yield* param("encoder", mlp({ inputs: pixels, outputs: 2 * latent + context, hidden, ...pytorchStart }))
    const flowGiven = yield* param("flow", conditional(flow))
    yield* plate(
      "digit",
      digits,
      function* (image) {
        const [shift, raw, given] = tf.split(encode(image), [latent, latent, context]) as [tf.Tensor, tf.Tensor, tf.Tensor]
        const logScale = tf.mul(5, tf.tanh(tf.div(raw, 5)))
        yield* sample("z", Transformed(Normal(tf.zeros([latent]), 1), compose(flowGiven(given), scaleShift({ shift, logScale }))))
      },
      { subsample: batch }
    )
  })

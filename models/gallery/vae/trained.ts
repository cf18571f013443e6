/** An autoencoder, trained on digits and judged by others. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { evidenceByRow, fit, type NDArray, type Params, predictive, prior, reverseKL, wasm } from "pushforward"
import { digitGuide, digitModel, type Flow, type Prior, type Sizes } from "./model.ts"

export interface Family {
  readonly name: string
  readonly posterior: Flow
  readonly prior: Prior
}

export interface Budget {
  readonly epochs: number
  readonly learningRate: number
  readonly seed: number
}

export interface Trained {
  readonly name: string
  /** Of each image held out, */
  readonly elbo: Float64Array
  /** and its importance-weighted bound. */
  readonly logEvidence: Float64Array
  /** Of training. */
  readonly seconds: number
  /** What draws of the posterior of each image say of its ink, [n, pixels]. */
  readonly reconstructed: (images: NDArray) => Effect.Effect<NDArray, Error>
  /** The ink of so many draws of the model. */
  readonly sampled: (count: number) => Effect.Effect<NDArray, Error>
  /** A draw of the posterior of each image, [n, latent]. */
  readonly encoded: (images: NDArray) => Effect.Effect<NDArray, Error>
}

const engine = wasm({ precision: "float32" })

const firstDraw = ({ shape: [, ...shape], data }: NDArray): NDArray => ({ shape, data })

export const train = (
  sizes: Sizes,
  { name, posterior: flow, prior: latents }: Family,
  { epochs, learningRate, seed }: Budget,
  { training, heldOut }: { readonly training: NDArray; readonly heldOut: NDArray }
): Effect.Effect<Trained, Error> =>
  Effect.gen(function* () {
    const [model, guide] = [digitModel(sizes, latents), digitGuide(sizes, flow)]
    const steps = Math.floor((epochs * training.shape[0]!) / sizes.batch)
    // a draw's own density is at hand, and costs an inverse autoregressive flow much less than that of a point
    const objective = reverseKL({ gradient: "plain" })
    const [time, { params }] = yield* Effect.timed(
      fit(model(training), guide(training), { engine, seed, steps, learningRate, objective, draws: 1 })
    )
    const evidence = (draws: number) => evidenceByRow(model(heldOut), guide(heldOut), { engine, seed, params, draws })
    const encoded = (images: NDArray) =>
      Effect.map(prior(guide(images), { engine, seed, draws: 1, params: params.guide as Readonly<Record<string, Params>> }), ({ z }) => z)
    return {
      name,
      seconds: Duration.toSeconds(time),
      elbo: (yield* evidence(100)).elbo,
      logEvidence: (yield* evidence(5000)).logEvidence,
      encoded: (images) => Effect.map(encoded(images), firstDraw),
      reconstructed: (images) =>
        Effect.flatMap(encoded(images), (z) =>
          Effect.map(predictive(model(images), { z }, { engine, params: params.model }), ({ ink }) => firstDraw(ink))
        ),
      sampled: (count) => Effect.map(prior(model(count), { engine, seed, draws: 1, params: params.model }), ({ ink }) => firstDraw(ink))
    }
  })

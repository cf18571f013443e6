/** The double moon by its unnormalised density: no points, the reverse KL. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { fit, type FitOptions, type Guide, type LearningRate, reverseKL, unnormalised, wasm } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { density2d, mesh } from "pushforward/plot"
import { pointsOf } from "./densityEntry.ts"
import type { Entry } from "./entry.ts"
import { estimateOf } from "./estimate.ts"
import { square, trueSurface, withoutOverflow } from "./pictures.ts"
import { logDensities } from "./targets/target.ts"
import { doubleMoon as target, doubleMoonUnnormalised } from "./targets/doubleMoon.ts"
import { textbookRealNVP } from "./textbook.ts"

/** A third of the steps at each. */
const inThirds: LearningRate = (progress) => [1e-3, 3e-4, 1e-4][Math.min(2, Math.floor(3 * progress))]!

/** 5,000 draws in batches of 1,024, the last one smaller, a hundred times at each rate. */
const budget: FitOptions = {
  steps: 3 * 100 * 5,
  draws: 1024,
  learningRate: inThirds,
  objective: reverseKL({ gradient: "plain" }),
  engine: wasm({ precision: "float32" }),
  seed: 1
}

const text: Guide = {
  name: "RealNVP",
  flow: () => textbookRealNVP({ size: 2, couplings: 8, hidden: [32, 32], activation: "leakyRelu" })
}

const window = square(2.4)
const cells = 240

/** ∫ q log (q / p) over the window, and how much of q lies in it, in cells. */
const reverseDivergence = (logQ: Float64Array, logP: Float64Array): { readonly kl: number; readonly mass: number } => {
  const area = ((window.x[1] - window.x[0]) / (cells - 1)) * ((window.y[1] - window.y[0]) / (cells - 1))
  let [kl, mass] = [0, 0]
  logQ.forEach((log, i) => {
    const q = Math.exp(log) * area
    mass += q
    if (q > 0) kl += q * (log - logP[i]!)
  })
  return { kl, mass }
}

const fitted = (guide: Guide, options: FitOptions) =>
  Effect.gen(function* () {
    const [time, posterior] = yield* Effect.timed(fit(unnormalised(doubleMoonUnnormalised, { size: 2 }), guide, options))
    const { points, ...places } = mesh(window.x, window.y, cells)
    const unseen = yield* pointsOf(target, 10_000, 1_000_000)
    const surface = {
      ...places,
      logDensity: withoutOverflow(yield* posterior.logDensities({ x: points })),
      draws: (yield* posterior.draws(1000)).x
    }
    const [values, exact] = [yield* posterior.logDensities({ x: unseen.x }), logDensities(target, unseen.x)]
    return {
      surface,
      divergence: reverseDivergence(surface.logDensity, truth.logDensity),
      heldOut: estimateOf(values),
      short: estimateOf(values.map((value, i) => exact[i]! - value)),
      limit: estimateOf(exact).value,
      verdict: posterior.verdict.text,
      seconds: Duration.toSeconds(time)
    }
  })

const truth = trueSurface(target.logDensity, window, cells)

export const doubleMoon: Entry = {
  name: "double-moon",
  title: "The double moon, by its density alone",
  about:
    "No points: only an unnormalised log density, fitted by the reverse KL divergence, which is how a flow becomes a posterior. In the library it is a model of one improper latent and a factor, and `fit` says at once whether the result is to be trusted.",
  run: Effect.gen(function* () {
    const asPublished = yield* fitted(text, budget)
    const byDefault = yield* fitted(neuralSplineFlow(), { seed: 1 })
    const figure = (entry: string, { heldOut, short, limit, seconds }: typeof asPublished) => ({
      entry,
      ours: heldOut,
      short,
      limit,
      seconds
    })
    const told = (name: string, { divergence: { kl, mass }, verdict }: typeof asPublished): string =>
      `${name}: KL(flow ‖ truth) = ${kl.toFixed(3)} nats by quadrature on ${cells} × ${cells} cells that hold ${(100 * mass).toFixed(1)}% of the flow. ${verdict}`
    return {
      figures: [
        { ...figure("double-moon", asPublished), published: "both moons", peer: "double-moon" },
        figure("double-moon, by default", byDefault)
      ],
      pictures: [
        {
          name: "density",
          caption: "The truth, the flow of the text by its budget, and the library's defaults, with a thousand draws of each flow.",
          specification: density2d({ truth, "as in the text": asPublished.surface, "by default": byDefault.surface })
        }
      ],
      notes: [told("As in the text", asPublished), told("By default", byDefault)]
    }
  })
}

/** The layers of the ring's flow, and its training. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { fitDensityStream } from "pushforward"
import { concat, curves, layerByLayer, lossCurves, scatter2d } from "pushforward/plot"
import { pointsOf } from "../densityEntry.ts"
import type { Entry } from "../entry.ts"
import { isFrame, square } from "../pictures.ts"
import { rowsOf } from "../targets/target.ts"
import { modeOf, nearest, ringBudget, ringFlow, ringText, ringTrained, ringWindow } from "./text.ts"
import { ring as target, ringCentres } from "../targets/ring.ts"

/** The exponential of the entropy of how draws are shared among the modes: 8 where they are shared equally. */
const diversity = (draws: ReadonlyArray<ArrayLike<number>>): number => {
  const counts = ringCentres.map(() => 0)
  for (const x of draws) counts[nearest(x)]!++
  return Math.exp(counts.reduce((sum, n) => sum - (n === 0 ? 0 : (n / draws.length) * Math.log(n / draws.length)), 0))
}

export const layers: Entry = {
  name: "layers",
  title: "Layer by layer",
  about:
    "What each coupling of the ring's RealNVP does to the same draws, and how the training got there: the loss, the mean true log density of the draws, and their diversity, the effective number of modes that they cover.",
  run: Effect.gen(function* () {
    const data = yield* pointsOf(target, ringTrained, 1)
    const steps = yield* Stream.runCollect(
      fitDensityStream(ringFlow(ringText), data.x, { ...ringBudget, seed: 1 }).pipe(
        Stream.filter(isFrame(5)),
        Stream.mapEffect(({ epoch, density }) =>
          Effect.map(density.draws(1000), (draws) => {
            const rows = rowsOf(draws)
            const plausible = rows.reduce((sum, x) => sum + target.logDensity(x) / rows.length, 0)
            return { epoch, density, draws, plausible, diversity: diversity(rows) }
          })
        )
      )
    )
    const last = steps.at(-1)!
    const final = yield* last.density.layers(2000)
    const latent = yield* last.density.latent(data.x)
    const epochs = steps.map(({ epoch }) => epoch.epoch)
    const height = 280
    const line = (y: ReadonlyArray<number>) => ({ x: epochs, y })
    return {
      figures: [],
      pictures: [
        {
          name: "layers",
          caption: "The same 2,000 draws after each coupling, coloured by the mode in which they end.",
          specification: layerByLayer(final, { group: rowsOf(final.at(-1)!.draws).map(modeOf) })
        },
        {
          name: "spaces",
          caption: "The points in data space, and where the inverse takes them.",
          specification: concat([
            scatter2d(data.x, { title: "Data space", group: rowsOf(data.x).map(modeOf), domain: ringWindow }),
            scatter2d(latent, { title: "Latent space", group: rowsOf(data.x).map(modeOf), domain: square(4) })
          ])
        },
        {
          name: "training",
          caption: "The loss by epoch, the true log density of the flow's draws, and the effective number of modes.",
          specification: concat([
            lossCurves(last.density.history, { title: "Loss", entropy: target.entropy }),
            curves(
              { "log density of draws": line(steps.map((s) => Math.max(-20, s.plausible))) },
              { title: "Draws", axes: ["epoch", "nats"], height }
            ),
            curves(
              { diversity: line(steps.map((s) => s.diversity)) },
              { title: "Modes covered", axes: ["epoch", "of 8"], domain: { y: [0, 8] }, height }
            )
          ])
        }
      ],
      films: [
        {
          name: "training",
          caption: "Draws while the flow is trained.",
          frames: steps.map(({ epoch, draws }) =>
            scatter2d(draws, { title: `Epoch ${epoch.epoch}`, group: Float64Array.from(rowsOf(draws), nearest), domain: ringWindow })
          )
        }
      ]
    }
  })
}

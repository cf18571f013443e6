/** The double moon, given which moon, the noise and the vertical dilation. */
import * as Effect from "effect/Effect"
import { constantRate, wasm } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { mlp } from "pushforward/learnables"
import { concat, density2d } from "pushforward/plot"
import { densityEntry } from "./densityEntry.ts"
import { square, surfaceOf, trueSurface } from "./pictures.ts"
import { conditionalDoubleMoon as target } from "./targets/conditionalDoubleMoon.ts"
import { pytorchStart, textbookRealNVP } from "./textbook.ts"

const window = square(2.2)
const noises = [0.06, 0.14, 0.22, 0.29]
const dilations = [0.55, 0.85, 1.15, 1.45]
const cells = 100

export const conditionalMoons = densityEntry({
  name: "conditional-double-moon",
  title: "The conditional double moon",
  about:
    "One flow for all moons: which of the two, how much noise, how tall. The context goes through a small network of its own, and the flow is asked about contexts that it has never met.",
  target,
  points: 5000,
  text: {
    flow: textbookRealNVP({ size: 2, couplings: 8, hidden: [16, 16], activation: "leakyRelu", context: 4 }),
    options: {
      epochs: 500,
      batch: 256,
      heldOut: 0,
      averaging: 0,
      learningRate: constantRate(1e-3),
      engine: wasm({ precision: "float32" }),
      embedding: mlp({ inputs: 3, outputs: 4, hidden: [16, 16], ...pytorchStart })
    },
    published: "a picture"
  },
  own: { flow: neuralSplineFlow(), options: { epochs: 500, patience: 40 } },
  show: ({ own }) =>
    Effect.gen(function* () {
      const panels = noises.flatMap((noise, i) => dilations.map((dilation, j) => ({ context: [(i + j) % 2, noise, dilation] as const })))
      const surfaces = yield* Effect.forEach(panels, ({ context }) => surfaceOf(own.density.condition([...context]), window, cells))
      const name = ([moon, noise, dilation]: readonly [number, number, number]): string =>
        `${moon === 0 ? "upper" : "lower"}, noise ${noise}, dilation ${dilation}`
      const panel = (logDensity: (typeof surfaces)[number], title: string) => density2d({ flow: logDensity }, { title, size: 150 })
      return {
        pictures: [
          {
            name: "conditions",
            caption: "The density by default given sixteen contexts.",
            specification: concat(
              surfaces.map((surface, k) => panel(surface, name(panels[k]!.context))),
              { columns: 4, spacing: 16 }
            )
          },
          {
            name: "truth",
            caption: "The true densities given the same.",
            specification: concat(
              panels.map(({ context }) =>
                panel(
                  trueSurface((x) => target.logDensity(x, [...context]), window, cells),
                  name(context)
                )
              ),
              { columns: 4, spacing: 16 }
            )
          }
        ]
      }
    })
})

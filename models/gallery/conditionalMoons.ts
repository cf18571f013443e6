/** The double moon, given which moon, the noise and the vertical dilation. */
import * as Effect from "effect/Effect"
import { neuralSplineFlow } from "pushforward/guides"
import { mlp } from "pushforward/learnables"
import { concat, density2d, type LogDensity, type Specification } from "pushforward/plot"
import { densityEntry } from "./densityEntry.ts"
import { square, surfaceOf, trueSurface } from "./pictures.ts"
import { conditionalDoubleMoon as target } from "./targets/conditionalDoubleMoon.ts"
import { plainly, pytorchStart, textbookRealNVP } from "./textbook.ts"

const window = square(2.2)
const noises = [0.06, 0.14, 0.22, 0.29]
const dilations = [0.55, 0.85, 1.15, 1.45]
const cells = 100

type Context = readonly [moon: number, noise: number, dilation: number]

/** A row for each noise, with one colour scale; the dilations beside one another, upper and lower moons by turns. */
const panels = <E>(surface: (context: Context) => Effect.Effect<LogDensity, E>): Effect.Effect<Specification, E> =>
  Effect.map(
    Effect.forEach(noises, (noise, i) =>
      Effect.map(
        Effect.forEach(dilations, (dilation, j) => {
          const moon = (i + j) % 2
          const name = `${moon === 0 ? "upper" : "lower"}, dilation ${dilation}`
          return Effect.map(surface([moon, noise, dilation]), (found) => [name, found] as const)
        }),
        (row) => density2d(Object.fromEntries(row), { title: `Noise ${noise}`, size: 190 })
      )
    ),
    (rows) => concat(rows, { columns: 1, spacing: 24 })
  )

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
      ...plainly(),
      embedding: mlp({ inputs: 3, outputs: 4, hidden: [16, 16], ...pytorchStart })
    },
    published: "a picture"
  },
  own: { flow: neuralSplineFlow(), options: { epochs: 500, patience: 40 } },
  show: ({ own }) =>
    Effect.gen(function* () {
      const flow = yield* panels(([...context]) => surfaceOf(own.density.condition(context), window, cells))
      const truth = yield* panels((context) => Effect.succeed(trueSurface((x) => target.logDensity(x, context), window, cells)))
      return {
        pictures: [
          { name: "conditions", caption: "The density by default given sixteen contexts.", specification: flow },
          { name: "truth", caption: "The true densities given the same.", specification: truth }
        ]
      }
    })
})

/** The swiss roll, in three dimensions. */
import * as Effect from "effect/Effect"
import { type NDArray } from "pushforward"
import { elementwiseAffine } from "pushforward/bijectors"
import { neuralSplineFlow } from "pushforward/guides"
import { fixed, sequence } from "pushforward/learnables"
import { concat, lossCurves, scatter2d } from "pushforward/plot"
import { densityEntry } from "./densityEntry.ts"
import { swissRoll as target } from "./targets/swissRoll.ts"
import { plainly, textbookRealNVP } from "./textbook.ts"

/** The units of the data, for a flow that starts from a standard normal. */
const units = fixed(elementwiseAffine([0, 10.5, 0], [7, 6, 7]))

/** As seen from the front and from a little above. */
const turned = ({ shape: [count = 0], data }: NDArray): ReadonlyArray<readonly [number, number]> =>
  Array.from({ length: count }, (_, i) => {
    const [x, y, z] = [data[3 * i]!, data[3 * i + 1]! - 10.5, data[3 * i + 2]!]
    const [across, away] = [0.85 * x + 0.53 * y, -0.53 * x + 0.85 * y]
    return [across, 0.94 * z - 0.34 * away]
  })
/** Along the roll: the distance from its axis, which grows with the angle. */
const along = ({ shape: [count = 0], data }: NDArray): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => Math.hypot(data[3 * i]!, data[3 * i + 2]!))

export const swissRoll = densityEntry({
  name: "swiss-roll",
  title: "The swiss roll",
  about: "A sheet that is rolled up in three dimensions, blurred by noise of 0.5.",
  target,
  points: 5000,
  text: {
    flow: sequence([textbookRealNVP({ size: 3, couplings: 8, hidden: [32, 32], activation: "leakyRelu" }), units]),
    options: {
      epochs: 500,
      batch: 256,
      ...plainly()
    },
    published: "a picture"
  },
  own: { flow: neuralSplineFlow({ couplings: 6 }), options: { epochs: 500, patience: 40 } },
  seeds: [1, 2, 3, 4, 5],
  show: ({ text, own, data }) =>
    Effect.gen(function* () {
      const shown = [
        ["The points", data.x],
        ["As in the text", yield* text.density.draws(5000)],
        ["By default", yield* own.density.draws(5000)]
      ] as const
      const domain = { x: [-18, 18], y: [-18, 18] } as const
      return {
        pictures: [
          {
            name: "roll",
            caption: "The points and the draws of both flows, coloured along the roll.",
            specification: concat(
              shown.map(([title, points]) =>
                scatter2d(turned(points), { title, group: Float64Array.from(along(points)), domain, most: 4000 })
              )
            )
          },
          {
            name: "side",
            caption: "The same from the side: the spiral.",
            specification: concat(
              shown.map(
                ([
                  title,
                  {
                    shape: [count = 0],
                    data: d
                  }
                ]) =>
                  scatter2d(
                    Array.from({ length: count }, (_, i) => [d[3 * i]!, d[3 * i + 2]!]),
                    { title, domain, most: 4000 }
                  )
              )
            )
          },
          {
            name: "training",
            caption: "The training by default: points trained on, and points held out.",
            specification: lossCurves(own.density.history, { entropy: target.entropy, title: "Training" })
          }
        ]
      }
    })
})

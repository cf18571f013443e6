/** The ring, given the radius of a point. */
import * as Effect from "effect/Effect"
import type { NDArray } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { mlp } from "pushforward/learnables"
import { concat, scatter2d } from "pushforward/plot"
import { densityEntry } from "../densityEntry.ts"
import { rowsOf } from "../targets/target.ts"
import { ringBudget, ringFlow, ringText, ringTrained, ringWindow } from "./text.ts"
import { ringByRadius as byRadius } from "../targets/ring.ts"

export const ringByRadius = densityEntry({
  name: "ring-by-radius",
  title: "The ring, given the radius of the point",
  about:
    "Here the flow is told how far the point itself lies from the origin, embedded by a small network. Given that, the point lies on a circle, where no density in the plane exists: the log density of a flow has no upper bound, and a training that went on would raise it for ever. The published figure says how long was trained, not how good the fit is; what can be judged is how the draws lie on their circles.",
  target: byRadius,
  bounded: false,
  points: ringTrained,
  text: {
    flow: ringFlow({ ...ringText, context: 16 }),
    options: { ...ringBudget, epochs: 1000, embedding: mlp({ inputs: 1, outputs: 16, hidden: [16] }) },
    published: "−0.639, training"
  },
  own: { flow: neuralSplineFlow(), options: { epochs: 300, patience: 20 } },
  show: ({ text: asPublished, own }) =>
    Effect.gen(function* () {
      const radii = [2.5, 2.8, 3, 3.2, 3.5]
      const given = (density: typeof own.density) => Effect.forEach(radii, (r) => density.condition([r]).draws(200, { seed: 1 }))
      const groups = Float64Array.from(radii.flatMap((r) => Array.from({ length: 200 }, () => r)))
      const picture = (title: string, draws: ReadonlyArray<NDArray>) =>
        scatter2d(draws.flatMap(rowsOf), { group: groups, domain: ringWindow, title })
      return {
        pictures: [
          {
            name: "circles",
            caption:
              "Draws given five radii from 2.5 to 3.5, the lightest the largest: they have to lie on circles, bunched at the eight modes.",
            specification: concat([
              picture("As in the text", yield* given(asPublished.density)),
              picture("By default", yield* given(own.density))
            ])
          }
        ]
      }
    })
})

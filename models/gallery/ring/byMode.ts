/** The ring, given the mode of a point. */
import * as Effect from "effect/Effect"
import { neuralSplineFlow } from "pushforward/guides"
import { scatter2d } from "pushforward/plot"
import { densityEntry } from "../densityEntry.ts"
import { rowsOf } from "../targets/target.ts"
import { ringBudget, ringFlow, ringText, ringTrained, ringWindow } from "./text.ts"
import { ringByMode as byMode, ringCentres } from "../targets/ring.ts"

export const ringByMode = densityEntry({
  name: "ring-by-mode",
  title: "The ring, given the mode",
  about:
    "The same ring, where the flow is told by a one-hot vector which of the eight modes a point comes from: what is left to learn is one normal distribution, moved about.",
  target: byMode,
  points: ringTrained,
  text: { flow: ringFlow({ ...ringText, context: 8 }), options: ringBudget, published: "−0.026 to −0.030, training" },
  own: { flow: neuralSplineFlow(), options: { epochs: 300, patience: 20 } },
  show: ({ own }) =>
    Effect.gen(function* () {
      const modes = ringCentres.map((_, k) => k)
      const draws = yield* Effect.forEach(modes, (k) =>
        own.density.condition(modes.map((mode) => (mode === k ? 1 : 0))).draws(250, { seed: k })
      )
      const points = draws.flatMap(rowsOf)
      const group = draws.flatMap(({ shape: [count = 0] }, k) => Array.from({ length: count }, () => `mode ${k + 1}`))
      return {
        pictures: [
          {
            name: "modes",
            caption: "Draws given each mode, by the library's defaults.",
            specification: scatter2d(points, { group, domain: ringWindow })
          }
        ]
      }
    })
})

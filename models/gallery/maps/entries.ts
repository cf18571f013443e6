/** The entries that need no training: maps on the line and in the plane, and what they make of distributions. */
import * as Effect from "effect/Effect"
import { concat, histogram, mapping, scatter2d } from "pushforward/plot"
import { changesOfVariables } from "./changeOfVariables.ts"
import type { Entry } from "../entry.ts"
import type { Estimate } from "../estimate.ts"
import { square } from "../pictures.ts"
import { transformedDistributions } from "./transformedDistributions.ts"
import { transforms2d } from "./transforms2d.ts"

const size = { width: 250, height: 190 }

const number = ({ value }: Estimate): string => value.toFixed(3).replace("-", "−")

export const changeOfVariables: Entry = {
  name: "change-of-variables",
  title: "The change of variables, on the line",
  about:
    "Six maps of a standard normal variable: where a map is steep the density is thinned, where it is flat the density heaps up. Draws beside the analytic density.",
  run: Effect.map(changesOfVariables(), (maps) => ({
    figures: [],
    pictures: [
      {
        name: "maps",
        caption:
          "Each map with the standard normal density below it, and to its left what it makes of that; the mean of log |df/dz|, by quadrature and by 10,000 draws.",
        specification: concat(
          maps.map(({ name, z, y, logDerivative, meanLogDerivative }) =>
            mapping(
              { x: z, y, logDerivative },
              { title: name, subtitle: `by the draws ${number(meanLogDerivative)}`, axes: ["z", "f(z)"], size: 210 }
            )
          ),
          { columns: 3 }
        )
      },
      {
        name: "densities",
        caption: "10,000 draws of each, and the density by the change of variables.",
        specification: concat(
          maps.map(({ name, y, density, draws }) => histogram(draws, { title: name, curve: { x: y, density }, bins: 60, ...size })),
          { columns: 3 }
        )
      }
    ]
  }))
}

export const planeTransforms: Entry = {
  name: "transforms-2d",
  title: "Transforms of the plane",
  about: "What six bijectors do to 4,000 standard normal points, and the mean of their log-determinants.",
  run: Effect.map(transforms2d(), (transforms) => ({
    figures: [],
    pictures: [
      {
        name: "transforms",
        caption: "The same points before and after each transform, coloured by the direction in which they start.",
        specification: concat(
          transforms.map(({ name, before, after, meanLogDet }) =>
            scatter2d(after, {
              title: name,
              subtitle: `mean log |det J| = ${number(meanLogDet)}`,
              group: Float64Array.from({ length: before.shape[0]! }, (_, i) => Math.atan2(before.data[2 * i + 1]!, before.data[2 * i]!)),
              domain: square(5),
              size: 230
            })
          ),
          { columns: 3 }
        )
      }
    ]
  }))
}

export const transformed: Entry = {
  name: "transformed-distributions",
  title: "Transformed distributions",
  about:
    "The log-normal distribution as a standard normal one, scaled and moved, then raised to e: three lines, and a distribution like any other.",
  run: Effect.map(transformedDistributions(), ({ places, density, closed, draws }) => ({
    figures: [],
    pictures: [
      {
        name: "log-normal",
        caption: "10,000 draws and the density by the change of variables.",
        specification: histogram(draws, { curve: { x: places, density, label: "density" }, domain: [0, 8], bins: 80, width: 460 })
      }
    ],
    notes: [
      `The density differs from the closed form by at most ${Math.max(...density.map((p, i) => Math.abs(p - closed[i]!))).toExponential(1)}.`
    ]
  }))
}

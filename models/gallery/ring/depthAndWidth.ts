/** The ring by flows of many depths and widths. */
import * as Effect from "effect/Effect"
import { concat, scaling } from "pushforward/plot"
import { limitOf, pointsOf, train } from "../densityEntry.ts"
import type { Entry } from "../entry.ts"
import { ringBudget, ringFlow, ringTrained } from "./text.ts"
import { ring as target } from "../targets/ring.ts"

/** How far a layer moves a draw of the plane, on average over layers and draws. */
const meanStep = (layers: ReadonlyArray<ArrayLike<number>>): number => {
  const [first, ...rest] = layers
  let [sum, before] = [0, first!]
  for (const after of rest) {
    for (let i = 0; i < after.length; i += 2) sum += Math.hypot(after[i]! - before[i]!, after[i + 1]! - before[i + 1]!)
    before = after
  }
  return (2 * sum) / (first!.length * rest.length)
}

const varied = [
  ...[2, 4, 8, 16, 50, 100].map((couplings) => ({
    entry: `depth-${couplings}`,
    along: "couplings",
    size: couplings,
    couplings,
    width: 128
  })),
  ...[16, 32, 64, 128].map((width) => ({ entry: `width-${width}`, along: "width", size: width, couplings: 6, width }))
]

export const depthAndWidth: Entry = {
  name: "depth-and-width",
  title: "Depth and width",
  about: "The ring by 2 to 100 couplings, and by networks 16 to 128 wide: quality, time, and how far the single steps of the flow go.",
  run: Effect.gen(function* () {
    const data = yield* pointsOf(target, ringTrained, 1)
    const limit = yield* limitOf(target)
    const runs = yield* Effect.forEach(varied, ({ couplings, width, ...which }) =>
      Effect.gen(function* () {
        const flow = ringFlow({ couplings, hidden: [width, width] })
        const result = yield* train(target, { flow, options: { ...ringBudget, seed: 1 } }, data)
        const drawn = yield* result.density.layers(1000)
        return { ...which, ...result, step: meanStep(drawn.map(({ draws }) => draws.data)) }
      })
    )
    const along = (name: string, y: (run: (typeof runs)[number]) => number) =>
      runs.filter((run) => run.along === name).map((run) => ({ size: run.size, value: y(run) }))
    const panel = (name: string, title: string, y: (run: (typeof runs)[number]) => number, unit: string) =>
      scaling({ [title]: along(name, y) }, { title, axes: [name, unit] })
    return {
      figures: runs.map(({ entry, heldOut, short, seconds }) => ({ entry, ours: heldOut, short, limit, peer: entry, seconds })),
      pictures: ["couplings", "width"].map((name) => ({
        name,
        caption: `Held-out distance to the truth, seconds of training, and the mean distance that one coupling moves a draw, against ${name}.`,
        specification: concat([
          panel(name, "Distance to the truth", ({ short }) => short.value, "nats"),
          panel(name, "Time", ({ seconds }) => seconds, "seconds"),
          panel(name, "Size of a step", ({ step }) => step, "mean distance")
        ])
      }))
    }
  })
}

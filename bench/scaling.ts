/** How the time of a step grows with draws, dimension, rows of data and layers. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { model, sample, wasm } from "pushforward"
import { Normal } from "pushforward/distributions"
import { fullRank, realNVP } from "pushforward/guides"
import * as tf from "@tensorflow/tfjs-core"
import { grid } from "../src/report/grid.ts"
import { banana, logisticRegression, plainRealNVP, rowsOf } from "./cases.ts"
import { runner } from "./own.ts"
import { elboStep, type Step } from "./programs.ts"
import { keep, markdown, publish } from "./report.ts"
import { spread } from "./timing.ts"

interface Point {
  readonly along: string
  readonly size: number
  readonly medianMs: number
  readonly minMs: number
  readonly maxMs: number
}

interface Axis {
  readonly along: string
  readonly sizes: ReadonlyArray<number>
  readonly step: (size: number) => Step
}

const gaussian = model(function* (d: number) {
  yield* sample("x", Normal(tf.zeros([d]), 1))
})

const gradient = "path"
const tens = [100, 1_000, 10_000, 100_000, 1_000_000]

const axes: ReadonlyArray<Axis> = [
  {
    along: "draws",
    sizes: [16, 64, 256, 1024, 4096, 16_384],
    step: (draws) => elboStep(banana(), plainRealNVP(32), { draws, gradient })
  },
  {
    along: "dimension",
    sizes: [2, 8, 32, 128, 512],
    step: (d) => elboStep(gaussian(d), realNVP({ couplings: 4 }), { draws: 64, gradient })
  },
  {
    along: "rows, all",
    sizes: tens,
    step: (rows) => elboStep(logisticRegression(rowsOf(rows, 20)), fullRank(), { draws: 16, gradient, scale: 0.1 })
  },
  {
    along: "rows, 100 a step",
    sizes: tens,
    step: (rows) => elboStep(logisticRegression(rowsOf(rows, 20), 100), fullRank(), { draws: 16, gradient, scale: 0.1 })
  },
  {
    along: "couplings",
    sizes: [2, 4, 8, 16, 32, 64],
    step: (couplings) => elboStep(banana(), plainRealNVP(32, couplings), { draws: 256, gradient })
  }
]

const measured = (along: string, size: number, step: Step, seconds: number): Effect.Effect<Point, Error> =>
  Effect.scoped(
    Effect.gen(function* () {
      const sampled = yield* runner(wasm(), step)
      yield* sampled(0)
      const { times } = yield* sampled(seconds)
      return { along, size, ...spread(times) }
    })
  )

/** The exponent of the growth from the point before: 1 is linear. */
const exponent = (points: ReadonlyArray<Point>, i: number): string => {
  const [before, at] = [points[i - 1], points[i]!]
  return before?.along === at.along ? (Math.log(at.medianMs / before.medianMs) / Math.log(at.size / before.size)).toFixed(2) : ""
}

const cells = (points: ReadonlyArray<Point>): ReadonlyArray<ReadonlyArray<string>> =>
  points.map((p, i) => [
    p.along,
    p.size.toLocaleString("en"),
    p.medianMs.toPrecision(3),
    `${p.minMs.toPrecision(3)} to ${p.maxMs.toPrecision(3)}`,
    exponent(points, i)
  ])

const columns = ["along", "size", "median ms", "spread", "exponent"]

export const scaling = (seconds: number): Effect.Effect<void, Error> =>
  Effect.gen(function* () {
    const points = (yield* Effect.forEach(axes, ({ along, sizes, step }) =>
      Effect.forEach(sizes, (size) =>
        Effect.suspend(() => measured(along, size, step(size), seconds)).pipe(
          Effect.map((point) => [point]),
          Effect.catch((error) => Effect.as(Console.log(`${along} ${size}: skipped, ${error.message}`), []))
        )
      )
    )).flat(2)
    yield* Console.log(grid(columns, cells(points)))
    keep("scaling", points)
    publish("scaling", markdown(columns, cells(points)))
    yield* Console.log("Kept in bench/results/scaling.json, and in the README.")
  })

/**
 * What steps cost: `npm run bench -- [words of cases] [--systems a,b] [--rounds N] [--seconds S]` times steps on this library's engines and
 * on peers, and keeps `bench/results/steps.json` if on all systems; `npm run bench -- scaling` times how they grow, and keeps `bench/results/scaling.json`; `npm run bench -- ready` what
 * they take before they run, and keeps `bench/results/ready.json`.
 */
import { loadavg } from "node:os"
import { parseArgs } from "node:util"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { runMain } from "../models/run.ts"
import { cases, largeName } from "./cases.ts"
import { ownSystems } from "./own.ts"
import { peerSystems } from "./peers.ts"
import { limit, type Products, productsOf, productTimings } from "./products.ts"
import { keep, kept, publish } from "./report.ts"
import { ready } from "./ready.ts"
import { scaling } from "./scaling.ts"
import { overview, tabulate } from "./table.ts"
import { timed, type Timing } from "./timing.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    systems: { type: "string" },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "0.5" }
  }
})
const rounds = { rounds: Number(values.rounds), seconds: Number(values.seconds) }

const find = (timings: ReadonlyArray<Timing>, system: string, threads: number): number | undefined =>
  timings.find((t) => t.system === system && t.threads === threads)?.medianMs

const gainOf = (timings: ReadonlyArray<Timing>, system: string): number | undefined => {
  const [one, two] = [find(timings, system, 1), find(timings, system, 2)]
  return one === undefined || two === undefined ? undefined : one / two
}

/** Of the large step: GFLOP of its products, and such products alone. */
interface Large extends Products {
  readonly step: number
}

const tell = (timings: ReadonlyArray<Timing>, { step, work, timings: alone }: Large): string => {
  const large = timings.filter((t) => t.case === largeName)
  const [took, products, blas] = [find(large, "pushforward", 1), find(alone, "pushforward", 1), find(alone, "openblas", 1)]
  if (took === undefined || products === undefined) return ""
  const rate = (flops: number, ms: number): string => ((1000 * flops) / ms).toFixed(1)
  const gain = (all: ReadonlyArray<Timing>, system: string): string => gainOf(all, system)?.toFixed(2) ?? "?"
  const sentences = [
    `${largeName}, has ${step.toFixed(2)} GFLOP of matrix products: a step of ${took.toFixed(1)} ms on one thread is ${rate(step, took)} GFLOP/s with all else that it does. Such products alone run at ${rate(work, products)} GFLOP/s (a hand-written kernel of 128-bit vectors reached ${limit} here${blas === undefined ? "" : `, OpenBLAS, by AVX-512, ${rate(work, blas)}`}).`,
    `The second thread makes the step ${gain(large, "pushforward")}×, such products ${gain(alone, "pushforward")}×${blas === undefined ? "" : `, and OpenBLAS's ${gain(alone, "openblas")}×`} as fast.`
  ]
  return sentences.join(" ")
}

const summary = (timings: ReadonlyArray<Timing>): string =>
  [overview(timings), ...kept<Large>("products").map((large) => tell(timings, large))].join("\n\n")

/** In place of earlier results of the case; those of others stay, as ratios are within a case. */
const record = (name: string, timings: ReadonlyArray<Timing>): void => {
  const others = kept<Timing>("steps").filter((t) => t.case !== name)
  keep(
    "steps",
    cases.flatMap((c) => [...timings, ...others].filter((t) => t.case === c.name))
  )
}

const steps = Effect.scoped(
  Effect.gen(function* () {
    const all = [...ownSystems, ...(yield* peerSystems)]
    const systems = values.systems === undefined ? all : all.filter(({ name }) => values.systems!.split(",").includes(name))
    const chosen = cases.filter(({ name }) => positionals.every((word) => name.includes(word)))
    const keeping = values.systems === undefined
    const timings = yield* Effect.forEach(chosen, (c) =>
      Effect.gen(function* () {
        yield* Console.log(c.name)
        const found = yield* timed(c, systems, rounds)
        if (keeping) record(c.name, found)
        return found
      })
    )
    yield* Console.log(`\n${tabulate(timings.flat())}\nLoad of the machine: ${loadavg()[0]!.toFixed(1)}`)
    if (!keeping) return
    const large = chosen.find(({ name }) => name === largeName)
    if (large !== undefined) keep("products", [{ step: productsOf(large.step().program), ...(yield* productTimings(1024, 128, rounds)) }])
    publish("performance", summary(kept<Timing>("steps")))
    yield* Console.log("Kept in bench/results/steps.json, and in the README.")
  })
)

const others: Readonly<Record<string, Effect.Effect<void, Error>>> = { scaling: scaling(rounds.seconds), ready: ready(3) }

await runMain(others[positionals[0] ?? ""] ?? steps)

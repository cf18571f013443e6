/**
 * What steps cost: `npm run bench -- [words of cases] [--systems a,b] [--rounds N] [--seconds S]` times steps on this library's engines and
 * on peers, and keeps `bench/results/steps.json` if on all systems; `npm run bench -- scaling` times how they grow, and keeps `bench/results/scaling.json`.
 */
import { loadavg } from "node:os"
import { parseArgs } from "node:util"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { runMain } from "../models/run.ts"
import { cases, largeName } from "./cases.ts"
import { ownSystems } from "./own.ts"
import { peerSystems } from "./peers.ts"
import { limit, productRate, productsOf } from "./products.ts"
import { keep, kept, publish } from "./report.ts"
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

interface Products {
  /** GFLOP of matrix products in the large step. */
  readonly work: number
  /** GFLOP/s of the compiled engine in such products alone. */
  readonly alone: number
}

const products: Effect.Effect<Products, Error> = Effect.suspend(() =>
  Effect.map(productRate(1024, 128, rounds.seconds * rounds.rounds), (alone) => ({
    work: productsOf(cases.find(({ name }) => name === largeName)!.step().program),
    alone
  }))
)

const tell = ({ work, alone }: Products, { medianMs }: Timing): string =>
  `Matrix products of ${largeName}: ${work.toFixed(2)} GFLOP in a step of ${medianMs.toFixed(1)} ms, ${((1000 * work) / medianMs).toFixed(1)} GFLOP/s with
all else that it does; such products alone ${alone.toFixed(1)} GFLOP/s. A hand-written kernel of 128-bit vectors reached ${limit} here.`

const summary = (timings: ReadonlyArray<Timing>): string => {
  const large = timings.find((t) => t.case === largeName && t.system === "pushforward" && t.threads === 1)
  return [overview(timings), ...(large === undefined ? [] : kept<Products>("products").map((p) => tell(p, large)))].join("\n\n")
}

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
    if (chosen.some(({ name }) => name === largeName)) keep("products", [yield* products])
    publish("performance", summary(kept<Timing>("steps")))
    yield* Console.log("Kept in bench/results/steps.json, and in the README.")
  })
)

await runMain(positionals[0] === "scaling" ? scaling(rounds.seconds) : steps)

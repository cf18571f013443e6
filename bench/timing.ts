/** Times systems on a case in turn, round by round, so that whatever else the machine does falls on all of them alike. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Case } from "./cases.ts"
import type { Step } from "./programs.ts"
import type { Running, Sample, System } from "./system.ts"
import { labelOf } from "./system.ts"

export interface Timing {
  readonly case: string
  readonly system: string
  readonly threads: number
  readonly medianMs: number
  readonly minMs: number
  readonly maxMs: number
}

export interface Rounds {
  readonly rounds: number
  /** Of each system in each round; a step that takes longer is run once. */
  readonly seconds: number
}

const sorted = (values: ReadonlyArray<number>): ReadonlyArray<number> => values.toSorted((a, b) => a - b)

export const spread = (times: ReadonlyArray<number>) => {
  const ordered = sorted(times)
  const rounded = (ms: number): number => Number(ms.toPrecision(4))
  return { medianMs: rounded(ordered[Math.floor((ordered.length - 1) / 2)]!), minMs: rounded(ordered[0]!), maxMs: rounded(ordered.at(-1)!) }
}

const meanAndError = (values: ReadonlyArray<number>): readonly [number, number] => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return [
    mean,
    values.length > 2 ? Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1) / values.length) : Infinity
  ]
}

/** Whether the mean objectives are those of one distribution, within 6 standard errors. */
const agree = (a: Sample, b: Sample): boolean => {
  const [[x, dx], [y, dy]] = [a, b].map(({ objectives }) => meanAndError(objectives)) as [
    readonly [number, number],
    readonly [number, number]
  ]
  return Math.abs(x - y) < 6 * Math.hypot(dx, dy)
}

interface Entrant {
  readonly system: Pick<System, "name" | "threads">
  readonly running: Running
  readonly sample: { times: Array<number>; objectives: Array<number> }
}

/** Samples of all entrants in turn, which begins with another one each round. */
export const inTurn = (entrants: ReadonlyArray<Entrant>, { rounds, seconds }: Rounds): Effect.Effect<void, Error> =>
  Effect.gen(function* () {
    for (let round = 0; round < rounds; round++) {
      for (const { running, sample } of [...entrants.slice(round % entrants.length), ...entrants.slice(0, round % entrants.length)]) {
        const { times, objectives } = yield* running.sample(seconds)
        sample.times.push(...times)
        sample.objectives.push(...objectives)
      }
    }
  })

export const timingsOf = (name: string, entrants: ReadonlyArray<Entrant>): ReadonlyArray<Timing> =>
  entrants.map(({ system, sample }) => ({ case: name, system: system.name, threads: system.threads, ...spread(sample.times) }))

export const entrantOf = (name: string, threads: number, running: Running): Entrant => ({
  system: { name, threads },
  running,
  sample: { times: [], objectives: [] }
})

/** The systems that have the step; of the others, why not. */
const enter = (c: Case, step: Step, systems: ReadonlyArray<System>): Effect.Effect<ReadonlyArray<Entrant>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const absent: Record<string, Array<string>> = {}
    const entrants = yield* Effect.forEach(systems, (system) =>
      system.start(c, step).pipe(
        Effect.map((running) => [entrantOf(system.name, system.threads, running)]),
        Effect.catch((error) =>
          Effect.sync(() => {
            absent[error.message] = [...(absent[error.message] ?? []), labelOf(system.name, system.threads)]
            return []
          })
        )
      )
    )
    for (const [reason, names] of Object.entries(absent)) yield* Console.log(`  without ${names.join("; ")}: ${reason}`)
    return entrants.flat()
  })

export const timed = (c: Case, systems: ReadonlyArray<System>, rounds: Rounds): Effect.Effect<ReadonlyArray<Timing>, Error> =>
  Effect.scoped(
    Effect.gen(function* () {
      const step = c.step()
      const entrants = yield* enter(c, step, systems)
      yield* inTurn(entrants, rounds)
      const [first] = entrants
      for (const { system, sample } of entrants)
        if (!agree(sample, first!.sample))
          yield* Console.log(
            `  ${labelOf(system.name, system.threads)}: its objective is not that of ${labelOf(first!.system.name, first!.system.threads)}`
          )
      return timingsOf(c.name, entrants)
    })
  )

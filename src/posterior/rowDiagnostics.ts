/** What fresh draws say of a fit by minibatches whose latents stand in their plate: of some of its rows, each on its own. */
import * as Effect from "effect/Effect"
import type { EngineError } from "../errors.ts"
import { range } from "../graph/shape.ts"
import type { Estimate } from "../inference/importance.ts"
import { meanOf } from "../inference/importance.ts"
import type { Target } from "../inference/target.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace } from "../model/compute.ts"
import { fold, type Key } from "../random/key.ts"
import { type Diagnostics, diagnose } from "./diagnostics.ts"
import { type Plate, rowSampler } from "./rows.ts"
import type { Fitted } from "./sampler.ts"
import { bound, type Shift } from "./shift.ts"

const most = { rows: 50, draws: 1000 } as const

/** The plate taken in minibatches that all latents stand in, if they do. */
export const minibatchPlate = ({ latents }: Target): Plate | undefined => {
  const [first] = latents.map(({ minibatches }) => minibatches[0])
  if (first === undefined || latents.some(({ minibatches }) => minibatches[0]?.plate !== first.plate)) return undefined
  return { name: first.plate, rows: first.rows }
}

/** From a mean over some rows to the sum over all. */
const total = (values: ReadonlyArray<Estimate>, rows: number): Estimate => {
  const { value, error } = meanOf(Float64Array.from(values, (v) => v.value))
  return {
    value: rows * value,
    error: values.length === rows ? Math.sqrt(values.reduce((sum, v) => sum + v.error * v.error, 0)) : rows * error
  }
}

const greatest = <A>(all: ReadonlyArray<A>, of: (a: A) => number): A => all.reduce((a, b) => (of(b) > of(a) || Number.isNaN(of(b)) ? b : a))

/** Sums over all rows, as far as these tell, and otherwise what is worst among these. */
const together = (all: ReadonlyArray<Diagnostics>, rows: number, rejected: number): Diagnostics => {
  const sum = (of: (d: Diagnostics) => number): number => all.reduce((n, d) => n + of(d), 0)
  const worst = (of: (d: Diagnostics) => Shift): Shift => greatest(all.map(of), bound)
  return {
    draws: all[0]!.draws,
    threshold: all[0]!.threshold,
    rejected,
    elbo: total(
      all.map(({ elbo }) => elbo),
      rows
    ),
    logEvidence: total(
      all.map(({ logEvidence }) => logEvidence),
      rows
    ),
    kl: total(
      all.map(({ kl }) => kl),
      rows
    ),
    khat: greatest(all, ({ khat }) => khat).khat,
    largestWeight: greatest(all, ({ largestWeight }) => largestWeight).largestWeight,
    ess: Math.min(...all.map(({ ess }) => ess)),
    outside: sum(({ outside }) => outside),
    undefined: sum((d) => d.undefined),
    meanShift: worst(({ meanShift }) => meanShift),
    sdShift: worst(({ sdShift }) => sdShift)
  }
}

const inRow = (shift: Shift, { name }: Plate, row: number): Shift => ({
  ...shift,
  quantity: `${shift.quantity} in row ${row} of "${name}"`
})

export const diagnoseRows = (fitted: Fitted, plate: Plate, key: Key): Effect.Effect<Diagnostics, ModelError | EngineError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const draw = yield* rowSampler({ ...fitted, plate }, most.draws, "f64")
      const count = Math.min(most.rows, plate.rows)
      const all = yield* Effect.forEach(range(count), (k) => {
        const row = Math.floor(((k + 0.5) * plate.rows) / count)
        return Effect.flatMap(draw(row, fold(key, "rows")), (sampled) =>
          attemptTrace(() => {
            const found = diagnose(sampled)
            return { ...found, meanShift: inRow(found.meanShift, plate, row), sdShift: inRow(found.sdShift, plate, row) }
          })
        )
      })
      return together(all, plate.rows, fitted.rejected ?? 0)
    })
  )

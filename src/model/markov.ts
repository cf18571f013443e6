/** Markov: a chain. One step is written. */
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import type { Numeric } from "../trace/tensor.ts"
import { checkCarry, firstCarry } from "./carry.ts"
import { attempt, evaluateRow } from "./evaluate.ts"
import type { CarryInit, MarkovRequest } from "./request.ts"
import { type RowOf, type Rows, rowThrough, table } from "./rows.ts"
import { type AnySite, type Program, type RequirementOf, type Site, siteOf } from "./site.ts"
import { flatten, pick, stackTrees } from "./value.ts"

/** A carry as a step sees it. */
export type CarryOf<C> = C extends Numeric ? tf.Tensor : { readonly [K in keyof C]: tf.Tensor }

/** As an Effect, the steps run one after the other. */
const loop = ({ name, data, init, step }: MarkovRequest) =>
  Effect.gen(function* () {
    const rows = yield* attempt(name, () => table(data))
    const first = yield* attempt(name, () => firstCarry(init))
    const carries: Array<unknown> = []
    for (let index = 0; index < rows.size; index++) {
      const row = yield* attempt(name, () => rowThrough(rows, (column) => pick(column, index)))
      const carry = carries.at(-1) ?? first
      const next = yield* evaluateRow(step(carry as never, row as never), { plate: name, index, size: rows.size })
      yield* attempt(name, () => checkCarry(flatten(first), flatten(next)))
      carries.push(next)
    }
    return yield* attempt(name, () => stackTrees(carries))
  })

const chains = siteOf<MarkovRequest>("Markov", loop)

/** The chain that asks for a request; for handlers. */
export const markovSite: (request: MarkovRequest) => Site<unknown, unknown> = chains

/**
 * A chain. `step(carry, x)` is one step: it gets the carry of the step before (`init` at first) and a row of `xs`, and returns the next
 * carry, of the same shape. Its sites stack over time on a leading axis, and so do the carries, which are the result: [steps, …].
 *
 * `xs` are rows as a plate's, or the number of steps.
 *
 * @example
 * ```ts
 * import { markov, model, observe, sample } from "pushforward"
 * import { HalfNormal, Normal } from "pushforward/distributions"
 *
 * const walk = model(function* (y: ReadonlyArray<number>) {
 *   const scale = yield* sample("scale", HalfNormal(1))
 *   return yield* markov("day", 0, y, function* (level, seen) {
 *     const next = yield* sample("level", Normal(level, scale))
 *     yield* observe("y", Normal(next, 1), seen)
 *     return next
 *   })
 * })
 * ```
 */
export const markov = <const Name extends string, C extends CarryInit, const D extends Rows, S extends AnySite>(
  name: Name,
  init: C,
  xs: D,
  step: (carry: CarryOf<C>, x: RowOf<D>) => Generator<S, CarryOf<C>, never>
): Site<CarryOf<C>, RequirementOf<S>> =>
  chains({ kind: "markov", name, data: xs, init, step: step as (carry: never, row: never) => Program<unknown> })

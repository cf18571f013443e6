/** The interpreters that give numbers. Each traces the model, compiles it on an engine, and runs it: an Effect. */
import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { ArgumentError, type EngineError } from "../errors.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import { enter, leave, newAxis, under } from "../trace/axes.ts"
import type { Numeric } from "../trace/tensor.ts"
import { checkUsed, drawn, given } from "./answers.ts"
import { compute, type ModelError, paramAnswer, type RunOptions } from "./compute.ts"
import { enterAll, sizes } from "./frames.ts"
import type { Model } from "./model.ts"
import { type Answers, outside, run, type Run, type Visited } from "./run.ts"
import type { Arrays, LatentNames, Latents, ObservedNames, SiteDensities, SiteValues, Values } from "./types.ts"
import { type Read, toTensor } from "./value.ts"

type Computed<A> = Effect.Effect<A, ModelError | EngineError>

const visible = ({ sites }: Run<unknown>): ReadonlyArray<Visited> => [...sites.values()].filter(({ hidden }) => !hidden)

/** The tensors of all sites that have one, seen from outside, by site. */
const tensorsOf = (ran: Run<unknown>, what: "value" | "logDensity"): Record<string, tf.Tensor> =>
  Object.fromEntries(
    visible(ran).flatMap((visited) => {
      const tensor = outside(visited, what)
      return tensor === undefined ? [] : [[visited.name, tensor]]
    })
  )

/** A site of a trace. */
export interface TracedSite {
  readonly kind: Visited["kind"]
  /** Whether its value was data, or conditioned on. */
  readonly observed: boolean
  /** [...rows, ...event]. */
  readonly value?: NDArray
  /** By row: [...rows]. */
  readonly logDensity?: NDArray
}

export interface Trace<A, R> {
  readonly result: Read<A>
  readonly latents: Arrays<Latents<R>>
  readonly sites: Readonly<Record<string, TracedSite>>
  readonly logJoint: number
}

/**
 * One run: latents, and observations without a value, are drawn from their distributions.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { model, observe, sample, trace } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const pair = model(function* (y?: number) {
 *   const mu = yield* sample("mu", Normal(0, 5))
 *   return yield* observe("y", Normal(mu, 1), y)
 * })
 * const { latents, logJoint } = await Effect.runPromise(trace(pair(1.2), { seed: 1 }))
 * console.log(latents.mu.data, logJoint)
 * ```
 */
export const trace = <A, R>(self: Model<A, R>, options: RunOptions = {}): Computed<Trace<A, R>> =>
  Effect.map(
    compute(() => {
      const ran = run(self, { answer: drawn, param: paramAnswer(options) })
      const { result, logJoint } = ran
      return {
        result,
        logJoint,
        values: tensorsOf(ran, "value"),
        densities: tensorsOf(ran, "logDensity"),
        sites: visible(ran).map(({ kind, name, observed }) => ({ kind, name, observed }))
      }
    }, options),
    ({ result, logJoint, values, densities, sites }) => ({
      result: result as Read<A>,
      latents: Object.fromEntries(sites.flatMap(({ kind, name }) => (kind === "sample" ? [[name, values[name]!]] : []))) as Arrays<
        Latents<R>
      >,
      sites: Object.fromEntries(
        sites.map(({ kind, name, observed }) => [
          name,
          { kind, observed, ...(values[name] && { value: values[name] }), ...(densities[name] && { logDensity: densities[name] }) }
        ])
      ),
      logJoint: logJoint.data[0]!
    })
  )

/** What a density is asked at: a value for each latent, and for each observation whose value the model lacks. */
export type Point<R> = Values<Latents<R>> & { readonly [Name in ObservedNames<R>]?: Numeric }

const runAt = <A, R>(self: Model<A, R>, values: Point<R>, options: RunOptions): Run<A> => {
  const ran = run(self, { answer: given(values), param: paramAnswer(options) })
  checkUsed(values, ran)
  return ran
}

/**
 * log p(latents, data) at the values given: [...rows, ...event] for a site in plates.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { logJoint, model, observe, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const pair = model(function* (y?: number) {
 *   const mu = yield* sample("mu", Normal(0, 5))
 *   return yield* observe("y", Normal(mu, 1), y)
 * })
 * console.log(await Effect.runPromise(logJoint(pair(1.2), { mu: 0.5 })))
 * ```
 */
export const logJoint = <A, R>(self: Model<A, R>, values: Point<R>, options: RunOptions = {}): Computed<number> =>
  Effect.map(
    compute(() => runAt(self, values, options).logJoint, options),
    ({ data }) => data[0]!
  )

/** The log densities that `logJoint` sums, by site and by row: [...rows]. */
export const logDensities = <A, R>(self: Model<A, R>, values: Point<R>, options: RunOptions = {}): Computed<SiteDensities<R>> =>
  compute(() => tensorsOf(runAt(self, values, options), "logDensity"), options) as unknown as Computed<SiteDensities<R>>

export interface DrawOptions extends RunOptions {
  /** How many. Default 1000. */
  readonly draws?: number | undefined
}

/** Runs under a hidden axis of draws, and shows it in front. */
const overDraws = (draws: number, body: (axis: ReturnType<typeof newAxis>) => Run<unknown>): Record<string, tf.Tensor> => {
  const axis = newAxis("draw", draws)
  const values = under(axis, () => tensorsOf(body(axis), "value"))
  return Object.fromEntries(Object.entries(values).map(([name, tensor]) => [name, leave(tensor, axis)]))
}

/**
 * Draws from the prior: of all latents, of observations without a value, and of what is computed from them; observations with a value
 * keep it. Each is [draws, ...rows, ...event]. Factors play no part.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { model, observe, prior, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const pair = model(function* (y?: number) {
 *   const mu = yield* sample("mu", Normal(0, 5))
 *   return yield* observe("y", Normal(mu, 1), y)
 * })
 * const draws = await Effect.runPromise(prior(pair(), { draws: 100, seed: 1 }))
 * console.log(draws.mu.shape, draws.y.shape) // [100] [100]
 * ```
 */
export const prior = <A, R>(self: Model<A, R>, options: DrawOptions = {}): Computed<SiteValues<R>> =>
  Effect.suspend(() => {
    const { draws = 1000 } = options
    if (!Number.isInteger(draws) || draws < 1) {
      return Effect.fail(new ArgumentError({ argument: "prior.draws", expected: "a whole number, at least 1", received: String(draws) }))
    }
    return compute(() => overDraws(draws, () => run(self, { answer: drawn, param: paramAnswer(options) })), options) as unknown as Computed<
      SiteValues<R>
    >
  })

export interface PredictiveOptions<R> extends RunOptions {
  /** Latents whose rows are new although they are as many as in the draws: they are drawn afresh. */
  readonly fresh?: ReadonlyArray<LatentNames<R>> | undefined
}

const drawsIn = (draws: Readonly<Record<string, NDArray>>): number => {
  const [first, ...others] = Object.entries(draws)
  const count = first?.[1].shape[0]
  if (first === undefined || count === undefined || count < 1) {
    throw new ArgumentError({
      argument: "predictive.draws",
      expected: "arrays [draws, …] by site",
      received: first === undefined ? "none" : `"${first[0]}" without draws`
    })
  }
  for (const [name, { shape }] of others) {
    if (shape[0] !== count) {
      throw new ArgumentError({
        argument: "predictive.draws",
        expected: `${count} draws of each site, as of "${first[0]}"`,
        received: `${shape[0] ?? "none"} of "${name}"`
      })
    }
  }
  return count
}

/** Replays what fits; what stands in plates with other rows is left to be drawn. */
const replayed =
  (draws: Readonly<Record<string, () => tf.Tensor>>, fresh: ReadonlyArray<string>): Answers["answer"] =>
  ({ kind, name, distribution: { eventShape } }, frames) => {
    const value = draws[name]
    if (kind === "observe" || value === undefined || fresh.includes(name)) return undefined
    const { shape } = value()
    if (sameShape(shape, [...sizes(frames), ...eventShape])) return enterAll(value, frames)
    if (shape.length === frames.length + eventShape.length && frames.length > 0 && sameShape(shape.slice(frames.length), eventShape))
      return undefined
    throw new Error(`its draws have shape ${showShape(shape)}, but in this model it has ${showShape([...sizes(frames), ...eventShape])}`)
  }

/**
 * Draws of what a model predicts, given draws of its latents: usually the model of new data, and a posterior's draws. A latent of the
 * draws' shape is replayed; one in a plate with another number of rows is drawn, given the others: its rows are new. Observations without
 * a value are drawn, those with one keep it. Each array is [draws, ...rows, ...event].
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { model, observe, predictive, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const pair = model(function* (y?: number) {
 *   const mu = yield* sample("mu", Normal(0, 5))
 *   return yield* observe("y", Normal(mu, 1), y)
 * })
 * const draws = { mu: { shape: [3], data: Float64Array.of(-1, 0, 1) } }
 * const { y } = await Effect.runPromise(predictive(pair(), draws))
 * console.log(y.shape) // [3]
 * ```
 */
export const predictive = <A, R>(
  self: Model<A, R>,
  draws: Arrays<Latents<R>>,
  options: PredictiveOptions<R> = {}
): Computed<SiteValues<R>> =>
  compute(() => {
    const arrays = draws as Readonly<Record<string, NDArray>>
    return overDraws(drawsIn(arrays), (axis) => {
      const rows = Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, () => enter(toTensor(array), axis)]))
      return run(self, { answer: replayed(rows, options.fresh ?? []), param: paramAnswer(options) })
    })
  }, options) as unknown as Computed<SiteValues<R>>

/** Entries that train a flow on points: by the published architecture and budget, then by the library's own defaults. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Density, type DensityOptions, FitError, fitDensity, type Guide, type NDArray } from "pushforward"
import type { Bijector } from "pushforward/bijectors"
import type { FlowContext, Learnable } from "pushforward/learnables"
import type { Entry, Figure, Shown } from "./entry.ts"
import { type Estimate, estimateOf } from "./estimate.ts"
import { type ConditionalTarget, drawsOf, logDensities, type Target } from "./targets/target.ts"

type AnyTarget = Target | ConditionalTarget

/** A flow with how it is trained. */
export interface Recipe {
  readonly flow: Guide | Learnable<Bijector, FlowContext>
  readonly options: DensityOptions
}

export interface Trained {
  readonly density: Density
  readonly heldOut: Estimate
  /** How far that is below the truth's own figure at the same points: the KL divergence of the truth from the flow. */
  readonly short: Estimate
  readonly seconds: number
}

export interface Points {
  readonly x: NDArray
  readonly context?: NDArray
}

const judgedBy = 10_000
const judging = 1_000_000

/** Points that are trained on, or their model where each step draws fresh ones. */
export const pointsOf = (target: AnyTarget, draws: number, seed: number) => drawsOf(target, { draws, seed }) as Effect.Effect<Points, Error>

/** Trains on points, and judges by others. */
export const train = (target: AnyTarget, { flow, options }: Recipe, data: Points | "fresh"): Effect.Effect<Trained, Error> =>
  Effect.gen(function* () {
    const fit =
      data === "fresh"
        ? fitDensity(flow, target.model, options)
        : fitDensity(flow, data.x, { ...options, ...(data.context && { context: data.context }) })
    const [time, density] = yield* Effect.timed(fit)
    const unseen = yield* pointsOf(target, judgedBy, judging)
    const values = yield* density.logDensity(unseen.x, unseen.context === undefined ? {} : { context: unseen.context })
    const truth = logDensities(target, unseen.x, unseen.context)
    const short = estimateOf(values.map((value, i) => truth[i]! - value))
    return { density, heldOut: estimateOf(values), short, seconds: Duration.toSeconds(time) }
  })

/** The mean log density of the truth at the points by which flows are judged. */
export const limitOf = (target: AnyTarget): Effect.Effect<number, Error> =>
  Effect.map(pointsOf(target, judgedBy, judging), ({ x, context }) => estimateOf(logDensities(target, x, context)).value)

/** A training that diverged is worse than any other. */
const worth = (trained: Trained | undefined): number => trained?.heldOut.value ?? -Infinity

/** The one with the median figure; a failure where that has diverged. */
const middle = (all: ReadonlyArray<Trained | undefined>): Effect.Effect<Trained, Error> => {
  const median = all.toSorted((a, b) => worth(a) - worth(b))[Math.floor(all.length / 2)]
  if (median !== undefined) return Effect.succeed(median)
  const reason = "it diverged by most of its seeds"
  return Effect.fail(new FitError({ step: 0, where: "the training of the text", reason, remedy: "Lower its rate.", state: undefined }))
}

export interface DensityEntry extends Pick<Entry, "name" | "title" | "about"> {
  readonly target: AnyTarget
  /** Whether the truth has a density in the plane, which bounds those of flows; by default it has. */
  readonly bounded?: boolean
  /** How many points are trained on, or "fresh" ones each step. */
  readonly points: number | "fresh"
  /** The architecture and budget of the text, with its figure. */
  readonly text: Recipe & { readonly published: string }
  /** What the library does with the same points by default. */
  readonly own: Recipe
  /** Seeds that the text's recipe is run by, and by the first three of them the library's own; runs with median figures stand for them. By default three. */
  readonly seeds?: ReadonlyArray<number>
  readonly show: (shown: {
    readonly text: Trained
    readonly own: Trained
    readonly data: Points
  }) => Effect.Effect<Omit<Shown, "figures">, Error>
}

export const densityEntry = ({
  name,
  title,
  about,
  target,
  points,
  text,
  own,
  bounded = true,
  seeds = [1, 2, 3],
  show
}: DensityEntry): Entry => ({
  name,
  title,
  about,
  run: Effect.gen(function* () {
    const dataFor = (seed: number): Effect.Effect<Points | "fresh", Error> =>
      points === "fresh" ? Effect.succeed("fresh") : pointsOf(target, points, seed)
    const trainFrom = (recipe: Recipe, seed: number): Effect.Effect<Trained, Error> =>
      Effect.flatMap(dataFor(seed), (data) => train(target, { ...recipe, options: { ...recipe.options, seed } }, data))
    const limit = bounded ? yield* limitOf(target) : undefined
    const attempts = yield* Effect.forEach(seeds, (seed) =>
      trainFrom(text, seed).pipe(
        Effect.catchIf(
          (error) => error instanceof FitError,
          () => Effect.succeed(undefined)
        )
      )
    )
    const asPublished = yield* middle(attempts)
    const byDefault = yield* middle(yield* Effect.forEach(seeds.slice(0, 3), (seed) => trainFrom(own, seed)))
    const figure = (trained: Trained, more: Partial<Figure>): Figure => ({
      entry: name,
      ours: trained.heldOut,
      ...(limit !== undefined && { limit, short: trained.short }),
      seconds: trained.seconds,
      ...more
    })
    const data = points === "fresh" ? yield* pointsOf(target, 2000, seeds[0]!) : yield* pointsOf(target, points, seeds[0]!)
    return {
      figures: [
        figure(asPublished, {
          published: text.published,
          peer: name,
          bySeed: attempts.map((attempt) => (bounded ? attempt?.short : attempt?.heldOut)?.value)
        }),
        figure(byDefault, { entry: `${name}, by default` })
      ],
      ...(yield* show({ text: asPublished, own: byDefault, data }))
    }
  })
})

/** From a flow and points to an algorithm, and to a density of any of its states. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { DefaultEngine } from "../../engine/default.ts"
import { ArgumentError } from "../../errors.ts"
import type { Estimate } from "../../inference/importance.ts"
import { meanOf } from "../../inference/importance.ts"
import { gaussianOf } from "../../inference/moments.ts"
import { scalingOf } from "../../inference/standardise.ts"
import { stepOf } from "../../inference/step.ts"
import { variational } from "../../inference/variational.ts"
import { wholeNumber } from "../../inference/wholeNumber.ts"
import type { Learnable, Params } from "../../learnable/learnable.ts"
import type { Network } from "../../learnable/mlp.ts"
import { sizeOfTree, unflatten } from "../../learnable/tree.ts"
import { attemptTrace } from "../../model/compute.ts"
import type { Model } from "../../model/model.ts"
import { fold } from "../../random/key.ts"
import { withOrigin } from "../../trace/trace.ts"
import type { FitFailure, TrainingOptions } from "../options.ts"
import { training } from "../options.ts"
import type { Density, Epoch } from "./density.ts"
import { type Course, type DensityState, parametersOf } from "./epochs.ts"
import type { DensityBase, Family, DensityFlow } from "./family.ts"
import { familyOf, pushforward } from "./family.ts"
import { densityOf, logDensityOf } from "./fitted.ts"
import { sourceOfModel } from "./modelSource.ts"
import { sourceOfPoints } from "./pointSource.ts"
import type { Points, Table } from "./points.ts"
import { rowwise } from "./rowwise.ts"
import type { DrawnPoint, Sample } from "./source.ts"

export interface DensityOptions extends TrainingOptions {
  /** What each point is conditioned on, [n, c]: a row a point. */
  readonly context?: Points
  /** From a context to what the flow is conditioned on, trained with it; by default the context itself. */
  readonly embedding?: Learnable<Network>
  /** What the flow pushes forward, fixed or learned; by default a standard normal. */
  readonly base?: DensityBase
  /** Points of a step; by default 256, or all if they are fewer. */
  readonly batch?: number
  /** How often the points are gone through, instead of `steps`. Each time in a fresh order, as far as they fill batches. */
  readonly epochs?: number
  /** The share of the points that is held out; by default 0.1, rounded down. 0: none. */
  readonly heldOut?: number
  /**
   * The density is made of an average of the parameters, which takes the noise of the minibatches out of them; step t weighs as
   * t^(1/averaging − 1). By default 0.2; 1 weighs all steps alike, 0 takes the last.
   */
  readonly averaging?: number
  /** So many epochs without a better figure of the points held out end the fit; by default it goes on. */
  readonly patience?: number
  /** A state to go on from, up to `steps` in all: that of a `FitError`, for the same flow, data and seed. */
  readonly from?: DensityState
}

const averagingOf = (averaging = 0.2): number => {
  if (averaging >= 0 && averaging <= 1) return averaging
  throw new ArgumentError({ argument: "fitDensity.averaging", expected: "a number from 0 to 1", received: String(averaging) })
}

const stepsOf = ({ steps, epochs }: DensityOptions, fresh: boolean, epoch: number, chosen: number): number => {
  if (epochs === undefined) return chosen
  if (!fresh && steps === undefined) return epoch * wholeNumber("fitDensity.epochs", epochs)
  throw new ArgumentError({
    argument: "fitDensity.epochs",
    expected: fresh ? "steps instead: a model draws fresh points for each" : "epochs or steps",
    received: fresh ? "epochs" : "both"
  })
}

const isModel = (data: Points | Model<DrawnPoint, unknown>): data is Model<DrawnPoint, unknown> =>
  !Array.isArray(data) && !("shape" in data)

/** What is known of a state. */
export interface Judged {
  readonly state: DensityState
  readonly heldOut: Estimate | undefined
}

export interface PreparedDensity extends Course {
  readonly name: string
  readonly density: (judged: Judged, history: ReadonlyArray<Epoch>) => Density
}

const trainable = (name: string, params: Params): Params => {
  if (sizeOfTree(params) > 0) return params
  throw new ArgumentError({
    argument: "fitDensity.flow",
    expected: "something to train: a flow, a base or an embedding with parameters",
    received: `"${name}" without any`
  })
}

const checkSupport = ({ support }: Family, { rows, width, data }: Table): void => {
  for (let row = 0; row < rows; row++) {
    const point = data.subarray(row * width, (row + 1) * width)
    const reason = support.violation(point, [width])
    if (reason === undefined) continue
    throw new ArgumentError({
      argument: "fitDensity.data",
      expected: `points that satisfy ${support.name}, where the flow ends`,
      received: `[${point.slice(0, 8).join(", ")}${width > 8 ? ", …" : ""}] in row ${row}: ${reason}`
    })
  }
}

export const prepareDensity = (
  flow: DensityFlow,
  data: Points | Model<DrawnPoint, unknown>,
  options: DensityOptions
): Effect.Effect<PreparedDensity, FitFailure, Scope.Scope> =>
  Effect.gen(function* () {
    const { engine = yield* DefaultEngine, base, embedding, from } = options
    const {
      seed,
      key,
      steps: chosen,
      schedule,
      averaging
    } = yield* attemptTrace(() => ({
      ...training("fitDensity", options, 0.005),
      averaging: averagingOf(options.averaging)
    }))
    const source = isModel(data)
      ? yield* sourceOfModel(data, options, key, engine)
      : yield* attemptTrace(() => sourceOfPoints(data, options, key))
    const { point, context } = source.training
    const { family, params, step, steps } = yield* attemptTrace(() => {
      const family = familyOf(
        { flow, base, embedding },
        {
          width: point.width,
          context: context?.width ?? 0,
          start: () => gaussianOf("fitDensity.data", point.data, point.width),
          scaling: () => context && scalingOf(context.data, context.width)
        }
      )
      checkSupport(family, source.points)
      const params = trainable(family.name, family.init(fold(key, "density")))
      const step = stepOf({ guide: params, model: {} }, source.batch, (trained, axis) => {
        const { value, context: given } = source.one(axis)
        return withOrigin(`density ${family.name}`, () => pushforward(family.build(trained.guide, given)).logProb(value))
      })
      return { family, params, step, steps: stepsOf(options, isModel(data), source.epoch, chosen) }
    })
    const evaluated = (sample: Sample) => {
      const tables = { point: sample.point, context: sample.context }
      return Effect.map(
        rowwise(engine, params, sample.point.rows, tables, logDensityOf(family)),
        ({ run }) =>
          (state: DensityState) =>
            Effect.map(run(parametersOf(state), tables, key), ([logDensities]) => meanOf(logDensities!.data as Float64Array))
      )
    }
    const heldOut = source.heldOut && (yield* evaluated(source.heldOut))
    return {
      name: family.name,
      steps,
      epoch: source.epoch,
      averaging,
      algorithm: yield* variational(step, params, { seed, steps, schedule, engine, from, rows: source.rows }),
      heldOut: (state) => heldOut?.(state) ?? Effect.succeed(undefined),
      density: (judged, history) =>
        densityOf({ family, engine, history, heldOut: judged.heldOut, params: unflatten(params, parametersOf(judged.state)) })
    }
  })

import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { FitError } from "../inference/errors.ts"
import { Progress } from "../inference/progress.ts"
import type { FitInfo } from "../inference/variational.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import { attemptTrace } from "../model/compute.ts"
import type { Model } from "../model/model.ts"
import type { Density, Epoch } from "./density/density.ts"
import type { Reached } from "./density/epochs.ts"
import { epochs } from "./density/epochs.ts"
import type { DensityFlow } from "./density/family.ts"
import type { Points } from "./density/points.ts"
import type { DensityOptions } from "./density/prepare.ts"
import { prepareDensity } from "./density/prepare.ts"
import type { DrawnPoint } from "./density/source.ts"
import type { FitFailure } from "./options.ts"

interface Judged {
  readonly history: ReadonlyArray<Epoch>
  readonly best?: Reached
  /** Epochs since the best. */
  readonly since: number
}

/** Better by the points held out; where there are none, later. */
const isBetter = (reached: Reached, best: Reached | undefined): boolean =>
  best?.heldOut === undefined || (reached.heldOut !== undefined && reached.heldOut.value > best.heldOut.value)

const judge = ({ history, best, since }: Judged, reached: Reached): Judged => {
  const all = [...history, reached.epoch]
  return best === undefined || isBetter(reached, best)
    ? { history: all, best: reached, since: 0 }
    : { history: all, best, since: since + 1 }
}

/**
 * Fits a density to points by maximum likelihood: a flow that pushes a base forward to where they lie. The points are rows, or a model for one
 * draw, whose result is one, or `{ value, context }`: fresh ones are then drawn in each step. By default 2,000 steps of Adam on 256 points each.
 *
 * A `Guide` starts from mean and covariance of the training points, so that their units need no care; its contexts are standardised. What a
 * plain learnable gets are the numbers themselves. The density is made of an average of the parameters in which later steps weigh
 * more. After each epoch (of a model: 100 steps) it is judged by the points held out, in float64, and the best by them is the result; without
 * any it is the last. Progress, interruption and steps that are not finite are as in `fit`.
 *
 * Points that have no density are refused for a `Guide`: a constant column, or one that is a linear combination of others.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { fitDensity } from "pushforward"
 * import { realNVP } from "pushforward/guides"
 *
 * const points = Array.from({ length: 500 }, (_, i) => [Math.cos(i), Math.cos(i) ** 2 + 0.2 * Math.sin(i * i)])
 * const density = await Effect.runPromise(fitDensity(realNVP({ couplings: 2 }), points, { epochs: 20, batch: 64 }))
 * console.log(density.heldOut, await Effect.runPromise(density.logDensity([[0, 1]])))
 * ```
 */
export const fitDensity = <R = never>(
  flow: DensityFlow,
  data: Points | Model<DrawnPoint, R>,
  options: DensityOptions = {}
): Effect.Effect<Density, FitFailure> =>
  Effect.scoped(
    Effect.gen(function* () {
      const patience = yield* attemptTrace(() =>
        options.patience === undefined ? Infinity : wholeNumber("fitDensity.patience", options.patience)
      )
      const prepared = yield* prepareDensity(flow, data, options)
      const { name, steps, algorithm, heldOut, density } = prepared
      const task = yield* (yield* Progress).start(name, steps)
      let judged: Judged = { history: [], since: 0 }
      const report = ({ step, elbo }: FitInfo): void => {
        const figure = judged.history.at(-1)?.heldOut
        task.update(step, `log density ${elbo.toFixed(2)}${figure === undefined ? "" : `, held out ${figure.toFixed(2)}`}`)
      }
      yield* epochs(prepared, { report, stop: options.stop }).pipe(
        Stream.map((reached) => {
          judged = judge(judged, reached)
          return judged.since
        }),
        Stream.takeUntil((since) => since >= patience),
        Stream.runDrain,
        Effect.catchTag("FitError", (error) => Effect.fail(new FitError({ ...error, state: judged.best?.state ?? error.state })))
      )
      const best = judged.best ?? { state: algorithm.init, heldOut: yield* heldOut(algorithm.init) }
      return density(best, judged.history)
    })
  )

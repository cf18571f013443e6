import * as Stream from "effect/Stream"
import * as Effect from "effect/Effect"
import type { Model } from "../model/model.ts"
import type { Density, Epoch } from "./density/density.ts"
import { type DensityState, epochs } from "./density/epochs.ts"
import type { DensityFlow } from "./density/family.ts"
import type { Points } from "./density/points.ts"
import type { DensityOptions } from "./density/prepare.ts"
import { prepareDensity } from "./density/prepare.ts"
import type { DrawnPoint } from "./density/source.ts"
import type { FitFailure } from "./options.ts"

/** One epoch of a fit, with the density that it has reached. */
export interface DensityStep {
  readonly epoch: Epoch
  readonly state: DensityState
  readonly density: Density
}

/**
 * The fit of a density as a stream of its epochs, for those who watch, stop or choose for themselves. `patience` plays no part.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import * as Stream from "effect/Stream"
 * import { fitDensityStream } from "pushforward"
 * import { fullRank } from "pushforward/guides"
 *
 * const points = Array.from({ length: 100 }, (_, i) => [Math.cos(i), Math.sin(2 * i)])
 * const frames = fitDensityStream(fullRank(), points, { epochs: 5 }).pipe(Stream.mapEffect(({ density }) => density.draws(100)))
 * console.log((await Effect.runPromise(Stream.runCollect(frames))).length) // 5
 * ```
 */
export const fitDensityStream = <R = never>(
  flow: DensityFlow,
  data: Points | Model<DrawnPoint, R>,
  options: Omit<DensityOptions, "patience"> = {}
): Stream.Stream<DensityStep, FitFailure> =>
  Stream.unwrap(
    Effect.map(prepareDensity(flow, data, options), (prepared) =>
      epochs(prepared, { report: () => {}, stop: options.stop }).pipe(
        Stream.mapAccum(
          (): ReadonlyArray<Epoch> => [],
          (before, reached) => {
            const history = [...before, reached.epoch]
            return [history, [{ epoch: reached.epoch, state: reached.state, density: prepared.density(reached, history) }]] as const
          }
        )
      )
    )
  )

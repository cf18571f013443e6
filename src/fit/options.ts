import type { Engine } from "../engine/engine.ts"
import { ArgumentError, type EngineError } from "../errors.ts"
import type { FitError } from "../inference/errors.ts"
import type { ReverseKL } from "../inference/objective.ts"
import type { LearningRate } from "../inference/schedule.ts"
import { cosine } from "../inference/schedule.ts"
import type { FitInfo, FitState } from "../inference/variational.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import type { ModelError } from "../model/compute.ts"
import type { Key } from "../random/key.ts"
import { keyOf } from "../random/key.ts"

/** What all fits have in common. */
export interface TrainingOptions {
  /** Equal seeds give equal fits; by default 0. */
  readonly seed?: number
  /** Steps of the optimiser; by default 2,000. */
  readonly steps?: number
  /** The rate of Adam, or a schedule of it; by default 0.005 (0.002 for amortised fits), warmed up and then lowered along a cosine. */
  readonly learningRate?: number | LearningRate
  /** By default `DefaultEngine`: compiled, in float64. */
  readonly engine?: Engine
  /** Ends the fit when it gives true: with the best state so far, or, amortised, with the last. Steps are then taken one at a time. */
  readonly stop?: (info: FitInfo) => boolean
}

export interface FitOptions extends TrainingOptions {
  /** Draws of the guide a step; by default 64. */
  readonly draws?: number
  /** What is estimated, and by which gradient; by default the ELBO by its path derivative. */
  readonly objective?: ReverseKL
  /** A state to go on from, up to `steps` in all: that of a `FitError` or of `fitStream`, for the same model, guide and seed. */
  readonly from?: FitState
}

/** How a fit can fail. */
export type FitFailure = ModelError | EngineError | FitError

/** What a fit works with. */
export interface Training {
  readonly seed: number
  readonly key: Key
  readonly steps: number
  readonly schedule: LearningRate
}

/** The options of a fit, held to what they must be. */
export const training = (name: string, { seed = 0, steps = 2000, learningRate }: TrainingOptions, defaultRate: number): Training => {
  if (!Number.isSafeInteger(seed)) throw new ArgumentError({ argument: `${name}.seed`, expected: "a whole number", received: String(seed) })
  return {
    seed,
    key: keyOf(seed),
    steps: wholeNumber(`${name}.steps`, steps),
    schedule: scheduleOf(`${name}.learningRate`, learningRate ?? defaultRate)
  }
}

const scheduleOf = (argument: string, rate: number | LearningRate): LearningRate => {
  if (typeof rate !== "number") return rate
  if (rate > 0 && Number.isFinite(rate)) return cosine(rate)
  throw new ArgumentError({ argument, expected: "a positive number", received: String(rate) })
}

import type { Engine } from "../engine/engine.ts"
import { ArgumentError, type EngineError } from "../errors.ts"
import type { FitError } from "../inference/errors.ts"
import type { ReverseKL } from "../inference/objective.ts"
import type { Schedule } from "../inference/schedule.ts"
import { cosine } from "../inference/schedule.ts"
import type { FitInfo } from "../inference/variational.ts"
import type { ModelError } from "../model/compute.ts"

/** What all fits have in common. */
export interface TrainingOptions {
  /** Equal seeds give equal fits; by default 0. */
  readonly seed?: number
  /** Steps of the optimiser; by default 2,000. */
  readonly steps?: number
  /** The rate of Adam, or a schedule of it; by default 0.005, warmed up and then lowered along a cosine. */
  readonly learningRate?: number | Schedule
  /** By default the reference engine, in float64. */
  readonly engine?: Engine
  /** Ends the fit, with the best state so far, when it gives true. */
  readonly stop?: (info: FitInfo) => boolean
}

export interface FitOptions extends TrainingOptions {
  /** Draws of the guide a step; by default 64. */
  readonly draws?: number
  /** What is estimated, and by which gradient; by default the ELBO by its path derivative. */
  readonly objective?: ReverseKL
}

/** How a fit can fail. */
export type FitFailure = ModelError | EngineError | FitError

export const wholeNumber = (argument: string, n: number): number => {
  if (Number.isInteger(n) && n > 0) return n
  throw new ArgumentError({ argument, expected: "a whole number, at least 1", received: String(n) })
}

export const scheduleOf = (rate: number | Schedule): Schedule => {
  if (typeof rate !== "number") return rate
  if (rate > 0 && Number.isFinite(rate)) return cosine(rate)
  throw new ArgumentError({ argument: "learningRate", expected: "a positive number", received: String(rate) })
}

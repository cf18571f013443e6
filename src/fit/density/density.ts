/** Density: what a fit of points has found, as something to ask. */
import type * as Effect from "effect/Effect"
import type { Distribution } from "../../distribution/distribution.ts"
import type { EngineError } from "../../errors.ts"
import type { NDArray } from "../../graph/types.ts"
import type { Estimate } from "../../inference/importance.ts"
import type { Params } from "../../learnable/learnable.ts"
import type { ModelError } from "../../model/compute.ts"
import type { Numeric } from "../../trace/tensor.ts"
import type { Contexts, Points } from "./points.ts"

/** An epoch of a fit, in nats. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number
  /** Steps so far. */
  readonly step: number
  /** The mean log density of its minibatches, each as it was met; NaN where no step was applied. */
  readonly training: number
  /** That of the points held out, after it. */
  readonly heldOut?: number
}

export interface ContextOptions {
  /** Of a conditional density: one vector for all, or a row for each point. */
  readonly context?: Contexts
}

export interface DensityDrawOptions extends ContextOptions {
  /** Equal seeds give equal draws, the first ones however many there are; by default 0. */
  readonly seed?: number
}

export interface DensityLayer {
  readonly name: string
  readonly draws: NDArray
}

export type Asked<A> = Effect.Effect<A, ModelError | EngineError>

export interface Density {
  /** log p of each point, in nats. */
  readonly logDensity: (points: Points, options?: ContextOptions) => Asked<Float64Array>
  /** Independent draws, [count, d]. */
  readonly draws: (count: number, options?: DensityDrawOptions) => Asked<NDArray>
  /** Where the flow's inverse takes points: the base's space, [n, d]. */
  readonly latent: (points: Points, options?: ContextOptions) => Asked<NDArray>
  /** Draws of the base, and the same after each layer of the flow, if it is a sequence; the last are `draws`. */
  readonly layers: (count: number, options?: DensityDrawOptions) => Asked<ReadonlyArray<DensityLayer>>
  /** The density given one context, which is then left out. */
  readonly condition: (context: Contexts) => Density
  /** As a distribution, for a model or a test; its parameters stay as they are. */
  readonly distribution: (context?: Numeric) => Distribution<"real">
  readonly history: ReadonlyArray<Epoch>
  /** The mean log density of the points held out, with its standard error. */
  readonly heldOut?: Estimate
  /** Plain trees: `flow`, `base` and `embedding`. */
  readonly params: Params
}

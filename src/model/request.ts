/** Requests: what a site asks for, as plain data. Handlers rewrite them, interpreters answer them. */
import type * as tf from "@tensorflow/tfjs-core"
import type { Distribution } from "../distribution/distribution.ts"
import type { Learnable } from "../learnable/learnable.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Rows } from "./rows.ts"
import type { Program } from "./site.ts"
import type { TensorTree } from "./value.ts"

/** A value as seen from outside the innermost `depth` plates about its site: their rows are its leading axes. */
export interface Given {
  readonly value: Numeric
  readonly depth: number
}

/** How a log density counts: multiplied by the weights; not at all where a mask is 0, or when hidden. */
export interface Counted {
  readonly weights: ReadonlyArray<Numeric>
  readonly masks: ReadonlyArray<Numeric>
  readonly hidden: boolean
}

/** A draw: latent when it is sampled, data when it is observed (and drawn when its value is absent). */
export interface DrawRequest extends Counted {
  readonly kind: "sample" | "observe"
  readonly name: string
  readonly distribution: Distribution
  readonly given: Given | undefined
}

export interface DeterministicRequest {
  readonly kind: "deterministic"
  readonly name: string
  readonly given: Given
  /** Of the draw that an intervention has replaced. */
  readonly distribution: Distribution | undefined
}

export interface FactorRequest extends Counted {
  readonly kind: "factor"
  readonly name: string
  readonly logDensity: Numeric
}

export interface ParamRequest {
  readonly kind: "param"
  readonly name: string
  readonly learnable: Learnable<unknown>
}

export interface PlateRequest {
  readonly kind: "plate"
  readonly name: string
  readonly data: Rows
  readonly subsample: number | undefined
  readonly body: (row: never) => Program<unknown>
}

export interface MarkovRequest {
  readonly kind: "markov"
  readonly name: string
  readonly data: Rows
  readonly init: CarryInit
  readonly step: (carry: never, row: never) => Program<unknown>
}

/** A first carry: a value, or a record of them. */
export type CarryInit = Numeric | { readonly [name: string]: Numeric }

export type LeafRequest = DrawRequest | DeterministicRequest | FactorRequest | ParamRequest
export type SiteRequest = LeafRequest | PlateRequest | MarkovRequest

export const counted: Counted = { weights: [], masks: [], hidden: false }

/** A row of a plate, or a carry of a chain. */
export type Row = tf.Tensor | { readonly [name: string]: tf.Tensor | undefined }
export type Result = TensorTree | void

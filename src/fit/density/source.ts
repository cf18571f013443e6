/** Source: where the points of a fit come from, a table of them or a model that draws fresh ones. */
import type * as tf from "@tensorflow/tfjs-core"
import type { Inputs } from "../../engine/engine.ts"
import { ArgumentError } from "../../errors.ts"
import type { Axis } from "../../trace/axes.ts"
import type { Points, Table } from "./points.ts"

/** What a model for one draw gives: a point, or one with its context. */
export type DrawnPoint = tf.Tensor | { readonly value: tf.Tensor; readonly context: tf.Tensor }

/** Points, with a context each where the density is conditional. */
export interface Sample {
  readonly point: Table
  readonly context: Table | undefined
}

export interface Source {
  /** All points that are known before the first step, */
  readonly points: Table
  /** those trained on, and those held out. */
  readonly training: Sample
  readonly heldOut: Sample | undefined
  /** Points of a step, and steps of an epoch. */
  readonly batch: number
  readonly epoch: number
  /** One point of a step, inside its trace. */
  readonly one: (axis: Axis) => { readonly value: tf.Tensor; readonly context: tf.Tensor | undefined }
  /** The step's inputs of its own. */
  readonly rows: (step: number, count: number) => Inputs
}

export interface SourceOptions {
  readonly context?: Points
  readonly batch?: number
  readonly heldOut?: number
}

export const defaultBatch = 256
export const shareOf = (heldOut = 0.1): number => {
  if (heldOut >= 0 && heldOut < 1) return heldOut
  throw new ArgumentError({
    argument: "fitDensity.heldOut",
    expected: "a share of the points, from 0 to below 1",
    received: String(heldOut)
  })
}

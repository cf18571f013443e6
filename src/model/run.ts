/**
 * The synchronous core: a model is run once, for one draw, while a program is traced. Rows, time and draws are hidden axes. A plate's log
 * densities are added row by row and summed once, on leaving it.
 */
import * as tf from "@tensorflow/tfjs-core"
import type { Mapped } from "../bijector/bijector.ts"
import type { Distribution } from "../distribution/distribution.ts"
import type { Learnable, TensorParams } from "../learnable/learnable.ts"
import { float64 } from "../math/index.ts"
import { withOrigin } from "../trace/trace.ts"
import { type Frames, leaveAll } from "./frames.ts"
import type { DrawRequest, LeafRequest } from "./request.ts"
import { runLeaf } from "./runLeaf.ts"
import { runMarkov } from "./runMarkov.ts"
import { runPlate } from "./runPlate.ts"
import { type AnySite, BodyError, Failure, type Program } from "./site.ts"

/** How the sites of a run are answered. Both functions must be pure: in a chain they are asked more than once. */
export interface Answers {
  /**
   * The value of a draw that the model itself does not fix: a latent, or an observation without a value. It is that of one row: what is
   * seen outside the plates comes in by `enterAll(() => value, frames)`. With `logDet` it is counted as mapped from elsewhere. Where
   * nothing is given, the site is drawn from its distribution.
   */
  readonly answer: (site: DrawRequest, frames: Frames) => tf.Tensor | Mapped | undefined
  readonly param: (name: string, learnable: Learnable<unknown>) => TensorParams
  /** The rows that plates take; all where it is left out. */
  readonly rows?: TakeRows
}

/** The indices of the rows that a plate takes, whose densities then stand for those of all; nothing for all of them. */
export type TakeRows = (plate: string, rows: number, subsample: number | undefined) => tf.Tensor | undefined

/** A site as it was visited. Tensors are those of one row. */
export interface Visited {
  readonly kind: LeafRequest["kind"]
  readonly name: string
  readonly frames: Frames
  /** Hidden by `block`. */
  readonly hidden: boolean
  /** Whether its value was fixed by the model: data, or a condition. */
  readonly observed: boolean
  /** Whether it was drawn from its own distribution. */
  readonly drawn: boolean
  readonly distribution?: Distribution
  readonly learnable?: Learnable<unknown>
  readonly value?: tf.Tensor
  /** With its weights and masks. */
  readonly logDensity?: tf.Tensor
}

export interface Run<A> {
  readonly result: A
  /** The sum of all log densities: one scalar, in float64. */
  readonly logJoint: tf.Tensor
  /** The sum of the log-determinants that the answers came with: one scalar, in float64. */
  readonly logDet: tf.Tensor
  readonly sites: ReadonlyMap<string, Visited>
}

/** What one run of a body has in common. */
export interface Running {
  readonly answers: Answers
  readonly sites: Map<string, Visited>
  /** Draws already made by the chain whose densities are now taken. */
  readonly recalled: ReadonlyMap<string, (frames: Frames) => tf.Tensor>
  /** Whether densities are taken; not while a chain is only followed. */
  readonly dense: boolean
}

/** Terms of one row, added up. */
export interface Totals {
  readonly logJoint: Array<tf.Tensor>
  readonly logDet: Array<tf.Tensor>
}

const runSite = (site: AnySite, frames: Frames, running: Running, totals: Totals): unknown => {
  const { request } = site
  if (request.kind === "plate") return runPlate(request, frames, running, totals)
  if (request.kind === "markov") return runMarkov(request, frames, running, totals)
  return runLeaf(request, frames, running, totals)
}

/** Runs a body in its frames. Errors are thrown into it, at the `yield*` that asked. */
export const runBody = <A>(body: Program<A>, frames: Frames, running: Running, totals: Totals): A => {
  const iterator = body[Symbol.iterator]()
  let step = iterator.next()
  while (step.done !== true) {
    let answer: unknown
    try {
      answer = runSite(step.value, frames, running, totals)
    } catch (error) {
      if (iterator.throw === undefined) throw error
      step = iterator.throw(error instanceof BodyError ? error : new Failure(step.value.request.name, error))
      continue
    }
    step = withOrigin(`after site "${step.value.request.name}"`, () => iterator.next(answer))
  }
  return step.value
}

/** The same for the body of a plate or a chain. */
export const runInner: typeof runBody = (body, frames, running, totals) => {
  try {
    return runBody(body, frames, running, totals)
  } catch (error) {
    throw new BodyError(error)
  }
}

export const addAll = (terms: ReadonlyArray<tf.Tensor>): tf.Tensor | undefined =>
  terms.length === 0 ? undefined : terms.reduce((a, b) => tf.add(a, b))

/** Runs a model, or any program of sites, while something is traced. */
export const run = <A>(program: Program<A>, answers: Answers): Run<A> => {
  const sites = new Map<string, Visited>()
  const totals: Totals = { logJoint: [], logDet: [] }
  const result = runBody(program, [], { answers, sites, recalled: new Map(), dense: true }, totals)
  const total = (terms: ReadonlyArray<tf.Tensor>): tf.Tensor => addAll(terms.map(float64)) ?? float64(0)
  return { result, logJoint: total(totals.logJoint), logDet: total(totals.logDet), sites }
}

/** A site's value, or its log density, as it is seen outside all plates: [...rows, ...event]. */
export const outside = (visited: Visited, what: "value" | "logDensity" = "value"): tf.Tensor | undefined => {
  const tensor = visited[what]
  return tensor === undefined ? undefined : leaveAll(tensor, visited.frames)
}

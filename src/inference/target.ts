/** Target: what a fit has to know of a model: its latents, laid out as one vector of unconstrained coordinates, and what it trains. */
import * as tf from "@tensorflow/tfjs-core"
import type { Mapped } from "../bijector/bijector.ts"
import { ArgumentError, SiteError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import type { Learnable, TensorParams } from "../learnable/learnable.ts"
import { enterAll, type Frames, leaveAll, sizes } from "../model/frames.ts"
import type { DrawRequest } from "../model/request.ts"
import type { Run, TakeRows } from "../model/run.ts"
import { run } from "../model/run.ts"
import { minibatch } from "../model/runPlate.ts"
import { keyOf } from "../random/key.ts"
import { mapTree } from "../learnable/tree.ts"
import type { Program } from "../model/site.ts"
import { asTensor } from "../trace/tensor.ts"
import { checkedTrace } from "../trace/checkedTrace.ts"
import type { Distribution } from "../distribution/distribution.ts"

export interface Latent {
  readonly name: string
  /** As it is seen outside the plates: [...rows, ...event]. */
  readonly shape: Shape
  /** Rows of the plates around it. */
  readonly rows: Shape
  /** Its place in the vector of unconstrained coordinates. */
  readonly offset: number
  readonly size: number
  /** The plates around it of which only some rows are taken in a step. */
  readonly minibatches: ReadonlyArray<Minibatch>
}

/** A plate of which `size` of so many rows are taken. */
export interface Minibatch {
  readonly plate: string
  readonly size: number
  readonly rows: number
}

export const minibatchesIn = (frames: Frames): ReadonlyArray<Minibatch> =>
  frames.flatMap(({ name, size, takenOf }) => (takenOf === undefined ? [] : [{ plate: name, size, rows: takenOf }]))

export interface Target {
  readonly model: Program<unknown>
  readonly latents: ReadonlyArray<Latent>
  /** How many unconstrained coordinates there are. */
  readonly dimension: number
  /** The learnables of the model's own `param` sites. */
  readonly learnables: ReadonlyMap<string, Learnable<unknown>>
}

/** Tensors for the model's `param` sites by name. */
export type ModelParams = Readonly<Record<string, TensorParams>>

const freeBijector = (distribution: Distribution) => {
  const make = distribution.support.bijector
  if (make === undefined) {
    throw new Error(
      `it is discrete (${distribution.name}), and a discrete latent can't be fitted. Sum it out (logSumExp, a Mixture, a factor), or condition on it.`
    )
  }
  return make(distribution.eventShape)
}

const refuseMissing = (site: DrawRequest): void => {
  if (site.kind === "observe") throw new Error("it is observed but has no value. Give the model its data to fit it.")
}

/** Values of sites that are neither fixed by the model nor latent: simulated data, as they are seen outside the plates. */
export type Data = Readonly<Record<string, tf.Tensor>>

const dataAt = (data: Data, name: string, frames: Frames): tf.Tensor | undefined => {
  const value = data[name]
  return value === undefined ? undefined : enterAll(() => value, frames)
}

/** Visits the model once, at the image of 0, to find its latents; sites named in `data` are none. */
export const targetOf = (model: Program<unknown>, data: ReadonlyArray<string> = [], rows: TakeRows = minibatch): Target =>
  checkedTrace(() => {
    const asked = new Set<string>()
    const learnables = new Map<string, Learnable<unknown>>()
    const visited = run(model, {
      answer: (site) => {
        if (data.includes(site.name)) return undefined
        refuseMissing(site)
        if (site.kind !== "sample") return undefined
        asked.add(site.name)
        const bijector = freeBijector(site.distribution)
        return bijector.forward(tf.zeros([...bijector.domain.shape])).value
      },
      param: (name, learnable) => {
        learnables.set(name, learnable)
        return mapTree(learnable.init(keyOf(0)), (array) => asTensor(array))
      },
      rows
    })
    const latents: Array<Latent> = []
    let offset = 0
    for (const { name, hidden, distribution, frames } of visited.sites.values()) {
      if (hidden || distribution === undefined || !asked.has(name)) continue
      const inPlates = sizes(frames)
      const size = sizeOf(inPlates) * sizeOf(freeBijector(distribution).domain.shape)
      latents.push({
        name,
        shape: [...inPlates, ...distribution.eventShape],
        rows: inPlates,
        offset,
        size,
        minibatches: minibatchesIn(frames)
      })
      offset += size
    }
    if (latents.length === 0) {
      const sites = [...visited.sites.keys()].map((name) => `"${name}"`).join(", ")
      throw new ArgumentError({
        argument: "fit.model",
        expected: "a model with a latent, a sample site of its own",
        received: sites === "" ? "one without sites" : `one with the sites ${sites}`
      })
    }
    return { model, latents, learnables, dimension: offset }
  }).result

/** The target of an automatic guide, which has coordinates for all rows: none of its latents is one of a minibatch. */
export const wholeTarget = (target: Target): Target => {
  for (const {
    name,
    minibatches: [first]
  } of target.latents) {
    if (first === undefined) continue
    throw new SiteError({
      site: name,
      reason: `a latent in the plate "${first.plate}", which is subsampled, has no coordinates in an automatic guide. Take all rows, sample it outside, or write the guide as a model with the same plate.`
    })
  }
  return target
}

/** A run of the model at the unconstrained vector `u` [dimension]; its `logDet` is that of the map to the constrained values. */
export const runAt = (target: Target, u: tf.Tensor, params: ModelParams, data: Data = {}, rows?: TakeRows): Run<unknown> => {
  const places = new Map(target.latents.map((l) => [l.name, l]))
  return run(target.model, {
    answer: (site, frames): tf.Tensor | Mapped | undefined => {
      const known = dataAt(data, site.name, frames)
      if (known !== undefined) return known
      refuseMissing(site)
      const place = places.get(site.name)
      if (place === undefined) return undefined
      const bijector = freeBijector(site.distribution)
      const piece = (): tf.Tensor => tf.reshape(tf.slice(u, [place.offset], [place.size]), [...place.rows, ...bijector.domain.shape])
      return bijector.forward(enterAll(piece, frames))
    },
    param: (name) => params[name]!,
    ...(rows && { rows })
  })
}

/** A run of the model at constrained values, with the unconstrained vector they come from. Its log-determinant is `runAt`'s. */
export const runFrom = (
  target: Target,
  values: Readonly<Record<string, tf.Tensor>>,
  params: ModelParams,
  data: Data = {}
): { readonly run: Run<unknown>; readonly u: tf.Tensor } => {
  const free = new Map<string, { readonly value: tf.Tensor; readonly frames: Frames }>()
  const visited = run(target.model, {
    answer: (site, frames): tf.Tensor | Mapped | undefined => {
      const known = dataAt(data, site.name, frames)
      if (known !== undefined) return known
      refuseMissing(site)
      const given = values[site.name]
      if (given === undefined) return undefined
      const value = enterAll(() => given, frames)
      const { value: u, logDet } = freeBijector(site.distribution).inverse(value)
      free.set(site.name, { value: u, frames })
      return { value, logDet: tf.neg(logDet) }
    },
    param: (name) => params[name]!
  })
  const pieces = target.latents.map(({ name, size }) => {
    const inverted = free.get(name)
    if (inverted === undefined) throw new SiteError({ site: name, reason: "no value is given for it" })
    return tf.reshape(leaveAll(inverted.value, inverted.frames), [size])
  })
  return { run: visited, u: tf.concat(pieces) }
}

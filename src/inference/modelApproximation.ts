/** A guide written by hand, as a model whose sample sites cover the latents of the other. */
import type * as tf from "@tensorflow/tfjs-core"
import { SiteError } from "../errors.ts"
import { showShape, sameShape } from "../graph/shape.ts"
import type { Learnable, TensorParams } from "../learnable/learnable.ts"
import { mapTree } from "../learnable/tree.ts"
import { stopGradient } from "../math/index.ts"
import { enterAll } from "../model/frames.ts"
import type { Run } from "../model/run.ts"
import { outside, run } from "../model/run.ts"
import type { Program } from "../model/site.ts"
import { fold, keyOf } from "../random/key.ts"
import { asTensor } from "../trace/tensor.ts"
import { trace } from "../trace/trace.ts"
import type { Approximation, Draw } from "./approximation.ts"
import type { ModelParams, Target } from "./target.ts"

type Values = Readonly<Record<string, tf.Tensor>>

const runGuide = (guide: Program<unknown>, params: TensorParams, values?: Values): Run<unknown> =>
  run(guide, {
    answer: (site, frames) => {
      const given = values?.[site.name]
      return given === undefined ? undefined : enterAll(() => given, frames)
    },
    param: (name) => (params as Readonly<Record<string, TensorParams>>)[name]!
  })

/** The latents that the guide drew, as they are seen outside its plates. */
const drawn = ({ sites }: Run<unknown>): Values =>
  Object.fromEntries([...sites.values()].flatMap((v) => (v.kind === "sample" ? [[v.name, outside(v)!]] : [])))

/** Holds that the density of a guide's run is that of its draws. */
const checkNormalised = ({ sites }: Run<unknown>): void => {
  for (const { name, kind, hidden, distribution } of sites.values()) {
    if (distribution?.reparameterised === false) {
      throw new SiteError({
        site: name,
        reason: `draws of ${distribution.name} carry no gradient to all of its parameters, so a guide can't be fitted with it. Draw from another distribution, or use an automatic flow.`
      })
    }
    if (kind === "observe" || kind === "factor") {
      throw new SiteError({ site: name, reason: `a guide is the distribution of its draws, so it may have no ${kind} site` })
    }
    if (hidden)
      throw new SiteError({ site: name, reason: "it is hidden in the guide by block, and a guide needs the density of all that it draws" })
  }
}

const checkCover = (target: Target, values: Values): void => {
  for (const { name, shape } of target.latents) {
    const value = values[name]
    if (value === undefined) {
      throw new SiteError({ site: name, reason: "the guide does not sample it. Give the guide a sample site of this name." })
    }
    if (!sameShape(value.shape, shape)) {
      throw new SiteError({
        site: name,
        reason: `it has shape ${showShape(shape)} in the model and ${showShape(value.shape)} in the guide`
      })
    }
  }
  for (const name of Object.keys(values)) {
    if (!target.latents.some((l) => l.name === name)) {
      throw new SiteError({ site: name, reason: "the guide samples it, but the model has no latent of this name" })
    }
  }
}

export const modelApproximation = (target: Target, guide: Program<unknown>): Approximation => {
  const learnables = trace(() => {
    const found = new Map<string, Learnable<unknown>>()
    const visited = run(guide, {
      answer: () => undefined,
      param: (name, learnable) => {
        found.set(name, learnable)
        return mapTree(learnable.init(keyOf(0)), (array) => asTensor(array))
      }
    })
    checkNormalised(visited)
    checkCover(target, drawn(visited))
    return found
  }).result

  const modelAt = (values: Values, params: ModelParams, subsample = false): Run<unknown> =>
    run(target.model, {
      answer: (site, frames) => {
        const given = values[site.name]
        return given === undefined ? undefined : enterAll(() => given, frames)
      },
      param: (name) => params[name]!,
      subsample
    })

  const joined = (values: Values, model: ModelParams, logGuide: tf.Tensor, subsample?: boolean): Draw => {
    const visited = modelAt(values, model, subsample)
    return { run: visited, logJoint: visited.logJoint, logGuide }
  }

  return {
    name: "model",
    target,
    init: (key) => Object.fromEntries([...learnables].map(([name, learnable]) => [name, learnable.init(fold(key, name))])),
    draw: (params, model, { path, subsample }) => {
      const visited = runGuide(guide, params)
      const values = drawn(visited)
      const density = path ? runGuide(guide, mapTree(params, stopGradient), values) : visited
      return joined(values, model, density.logJoint, subsample)
    },
    at: (values, params, model) => joined(values, model, runGuide(guide, params, values).logJoint)
  }
}

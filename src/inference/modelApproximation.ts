/** A guide written by hand, as a model whose sample sites cover the latents of the other. */
import type * as tf from "@tensorflow/tfjs-core"
import { SiteError } from "../errors.ts"
import { showShape, sameShape } from "../graph/shape.ts"
import type { Learnable, TensorParams } from "../learnable/learnable.ts"
import { mapTree } from "../learnable/tree.ts"
import { stopGradient } from "../math/index.ts"
import { reenterAll } from "../model/frames.ts"
import type { Answers, Run, TakeRows } from "../model/run.ts"
import { outside, run } from "../model/run.ts"
import { minibatch } from "../model/runPlate.ts"
import type { Program } from "../model/site.ts"
import { fold, keyOf } from "../random/key.ts"
import { asTensor } from "../trace/tensor.ts"
import { trace } from "../trace/trace.ts"
import type { Approximation, Draw } from "./approximation.ts"
import { type Minibatch, minibatchesIn, type ModelParams, type Target } from "./target.ts"

type Values = Readonly<Record<string, tf.Tensor>>

const branches = (params: TensorParams) => params as Readonly<Record<string, TensorParams>>

/** Values of the rows that are taken. */
const replayed =
  (values: Values): Answers["answer"] =>
  ({ name }, frames) => {
    const value = values[name]
    return value === undefined ? undefined : reenterAll(value, frames)
  }

const runOf = (program: Program<unknown>, params: Readonly<Record<string, TensorParams>>, values: Values, rows?: TakeRows): Run<unknown> =>
  run(program, { answer: replayed(values), param: (name) => params[name]!, ...(rows && { rows }) })

/** The latents that a guide drew, as they are seen outside its plates: of the rows that were taken. */
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

const inWords = (minibatches: ReadonlyArray<Minibatch>): string =>
  minibatches.map(({ plate, size, rows }) => `${size} of the ${rows} rows of plate "${plate}"`).join(", ") || "all rows"

/** Holds that model and guide take the same rows: that is known of plates of equal name and size. */
const checkRows = (name: string, model: string, guide: string): void => {
  if (model === guide) return
  throw new SiteError({
    site: name,
    reason: `a step takes ${model} in the model, but ${guide} in the guide. Write the same plate in both: its name, its number of rows and its \`subsample\`.`
  })
}

const checkCover = (target: Target, drew: Run<unknown>): void => {
  const values = drawn(drew)
  for (const { name, shape, minibatches } of target.latents) {
    const value = values[name]
    if (value === undefined) {
      throw new SiteError({ site: name, reason: "the guide does not sample it. Give the guide a sample site of this name." })
    }
    checkRows(name, inWords(minibatches), inWords(minibatchesIn(drew.sites.get(name)!.frames)))
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

/** `taken` are the rows by which model and guide are held against each other, those that the target was found with. */
export const modelApproximation = (target: Target, guide: Program<unknown>, taken: TakeRows = minibatch): Approximation => {
  const learnables = trace(() => {
    const found = new Map<string, Learnable<unknown>>()
    const visited = run(guide, {
      answer: () => undefined,
      param: (name, learnable) => {
        found.set(name, learnable)
        return mapTree(learnable.init(keyOf(0)), (array) => asTensor(array))
      },
      rows: taken
    })
    checkNormalised(visited)
    checkCover(target, visited)
    return found
  }).result

  const joined = (values: Values, model: ModelParams, logGuide: tf.Tensor, rows?: TakeRows): Draw => {
    const visited = runOf(target.model, model, values, rows)
    return { run: visited, logJoint: visited.logJoint, logGuide }
  }

  return {
    name: "model",
    target,
    init: (key) => Object.fromEntries([...learnables].map(([name, learnable]) => [name, learnable.init(fold(key, name))])),
    draw: (params, model, { path, rows }) => {
      const visited = runOf(guide, branches(params), {}, rows)
      const values = drawn(visited)
      const density = path ? runOf(guide, branches(mapTree(params, stopGradient)), values, rows) : visited
      return joined(values, model, density.logJoint, rows)
    },
    at: (values, params, model) => joined(values, model, runOf(guide, branches(params), values).logJoint)
  }
}

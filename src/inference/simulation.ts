/** Simulation: data sets of the prior predictive, with the latents that they came from. */
import * as tf from "@tensorflow/tfjs-core"
import { stopGradient } from "../math/index.ts"
import { outside, run } from "../model/run.ts"
import type { Features } from "../guide/guide.ts"
import type { Program } from "../model/site.ts"
import type { Columns, DataNames } from "./features.ts"
import { countSite, featuresOf, mapFeatures, watching } from "./features.ts"
import type { Data, ModelParams, Target } from "./target.ts"

export interface Simulated {
  readonly latents: Readonly<Record<string, tf.Tensor>>
  readonly data: Data
  readonly features: Features
}

/** One data set, drawn; no gradient passes to where it came from. */
export const simulate = (target: Target, names: DataNames, params: ModelParams): Simulated => {
  const columns: Columns = new Map()
  const drawn = run(watching(target.model as Program<unknown>, columns), { answer: () => undefined, param: (name) => params[name]! })
  const valueOf = (name: string): tf.Tensor => stopGradient(outside(drawn.sites.get(name)!)!)
  const sites = [...names.observed, ...names.inputs, countSite(names.set ?? "")].filter((name) => drawn.sites.has(name))
  return {
    latents: Object.fromEntries(target.latents.map(({ name }) => [name, valueOf(name)])),
    data: Object.fromEntries(sites.map((name) => [name, valueOf(name)])),
    features: mapFeatures(featuresOf(drawn, columns, names), stopGradient)
  }
}

/** The posteriors and priors that are compared, each of four layers that start near the identity. */
import { identity, permutation } from "pushforward/bijectors"
import { Normal } from "pushforward/distributions"
import {
  fixed,
  learnableAffineCoupling,
  learnableInverseAutoregressive,
  learnableSplineCoupling,
  learnableTransformed,
  sequence
} from "pushforward/learnables"
import { pytorchStart } from "../textbook.ts"
import type { Flow, Prior, Sizes } from "./model.ts"

const layers = [0, 1, 2, 3]
const half = (i: number): "first" | "last" => (i % 2 === 0 ? "last" : "first")
const standardNormal = (size: number) => Normal(new Float64Array(size), 1)

export const posteriors = ({ latent: size, context }: Sizes): Readonly<Record<string, Flow>> => {
  const network = { hidden: [64], gain: pytorchStart.gain }
  const reverse = fixed(permutation(Array.from({ length: size }, (_, i) => size - 1 - i)))
  return {
    "mean-field": fixed(identity([size])),
    realnvp: sequence(layers.map((i) => learnableAffineCoupling({ size, context, ...network, transform: half(i) }))),
    iaf: sequence(layers.flatMap((i) => [...(i === 0 ? [] : [reverse]), learnableInverseAutoregressive({ size, context, ...network })])),
    spline: sequence(layers.map((i) => learnableSplineCoupling({ size, context, ...network, transform: half(i) })))
  }
}

export const priors = ({ latent: size }: Sizes): Readonly<Record<"normal" | "flow", Prior>> => ({
  normal: fixed(standardNormal(size)),
  flow: learnableTransformed(
    standardNormal(size),
    sequence(layers.map((i) => learnableAffineCoupling({ size, hidden: [64, 64], gain: pytorchStart.gain, transform: half(i) })))
  )
})

import * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import type { Shape } from "../graph/types.ts"
import { float64 } from "../math/index.ts"
import type { Noise } from "../trace/noiseStream.ts"
import type { Cumulative, Distribution, Kind } from "./distribution.ts"
import { negativeInfinity } from "./logarithms.ts"
import { asEvent, eventShapeOf, tensorsOf } from "./parameters.ts"
import type { Parameters } from "./parameters.ts"

/** A family of univariate distributions, whose parameters broadcast to an event of independent components. */
export interface Family<K extends Kind, P extends string> {
  readonly name: string
  readonly kind: K
  /** A function where it is made of parameters, which are to be checked first. */
  readonly support: Constraint | (() => Constraint)
  readonly parameters: Parameters<P>
  /** log p by component, for an x in the support; elsewhere it is −∞. */
  readonly logDensity: (x: tf.Tensor, parameters: Readonly<Record<P, tf.Tensor>>) => tf.Tensor
  /** What stands in for a component outside: a point of the support. Default 1. */
  readonly inside?: number
  readonly draw: (noise: Noise, shape: Shape, parameters: Readonly<Record<P, tf.Tensor>>) => tf.Tensor
  readonly cumulative?: (parameters: Readonly<Record<P, tf.Tensor>>) => Cumulative
}

const total = (terms: tf.Tensor): tf.Tensor => (terms.rank === 0 ? terms : tf.sum(float64(terms)))

export const elementwise = <K extends Kind, P extends string>(family: Family<K, P>): Distribution<K> => {
  const { name, kind, inside = 1, cumulative } = family
  const eventShape = eventShapeOf(name, family.parameters)
  const support = typeof family.support === "function" ? family.support() : family.support
  const parameters = (): Readonly<Record<P, tf.Tensor>> => tensorsOf(family.parameters)

  const logProb = (value: tf.Tensor): tf.Tensor => {
    const x = asEvent(name, eventShape, value)
    const p = parameters()
    if (support.outside === undefined) return total(family.logDensity(x, p))
    const out = support.outside(x)
    return total(tf.where(out, negativeInfinity(), family.logDensity(tf.where(out, inside, x), p)))
  }

  return {
    name,
    kind,
    support,
    eventShape,
    logProb,
    sample: (noise) => family.draw(noise, eventShape, parameters()),
    ...(cumulative && {
      cumulative: {
        logCdf: (x) => cumulative(parameters()).logCdf(x),
        logSurvival: (x) => cumulative(parameters()).logSurvival(x),
        quantile: (logP) => cumulative(parameters()).quantile(logP),
        upperQuantile: (logP) => cumulative(parameters()).upperQuantile(logP)
      } satisfies Cumulative
    })
  }
}

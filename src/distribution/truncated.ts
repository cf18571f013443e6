import * as tf from "@tensorflow/tfjs-core"
import { type Constraint, greaterThan, interval, lessThan, nonnegative } from "../constraint/index.ts"
import { ArgumentError, ShapeError } from "../errors.ts"
import { broadcastShapes, sameShape, showShape } from "../graph/shape.ts"
import { asTensor, shapeOf } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import type { Cumulative, Distribution } from "./distribution.ts"
import { log1mExp, negativeInfinity } from "./logarithms.ts"
import { asEvent, checkParameter } from "./parameters.ts"

/** Where a truncated distribution may lie; a bound left out is the base's own. Bounds broadcast to the base's event. */
export interface Bounds {
  readonly low?: Numeric | undefined
  readonly high?: Numeric | undefined
}

/** The part of the base between the bounds, by component: the logarithm of its mass, and the quantile of uniform numbers in it. */
interface Part {
  readonly logMass: tf.Tensor
  readonly quantile: (u: tf.Tensor) => tf.Tensor
}

const above = (base: Cumulative, low: tf.Tensor): Part => {
  const logMass = base.logSurvival(low)
  return { logMass, quantile: (u) => tf.maximum(base.upperQuantile(tf.add(logMass, tf.log(u))), low) }
}

const below = (base: Cumulative, high: tf.Tensor): Part => {
  const logMass = base.logCdf(high)
  return { logMass, quantile: (u) => tf.minimum(base.quantile(tf.add(logMass, tf.log(u))), high) }
}

/** Works in the tail that holds the interval: the upper one if `low` lies above the median. */
const between = (base: Cumulative, low: tf.Tensor, high: tf.Tensor): Part => {
  const [lowCdf, lowSurvival] = [base.logCdf(low), base.logSurvival(low)]
  const upper = tf.less(lowSurvival, lowCdf)
  const larger = tf.where(upper, lowSurvival, base.logCdf(high))
  const smaller = tf.where(upper, base.logSurvival(high), lowCdf)
  const gap = tf.sub(smaller, larger)
  return {
    logMass: tf.add(larger, log1mExp(gap)),
    quantile: (u) => {
      const log = tf.add(larger, tf.log(tf.add(u, tf.mul(tf.sub(1, u), tf.exp(gap)))))
      return tf.minimum(tf.maximum(tf.where(upper, base.upperQuantile(log), base.quantile(log)), low), high)
    }
  }
}

/**
 * A distribution restricted to an interval: p(x) / P(low ≤ X ≤ high) between the bounds. The mass is formed in log space in the tail that
 * holds the interval, so that Normal(0, 1) on [20, ∞) is as good as on [0, ∞). Draws are quantiles of uniform numbers, and have gradients
 * in the bounds too.
 *
 * Event shape: the base's. It takes bases with `cumulative`: Normal, LogNormal, Cauchy, Exponential, Uniform.
 *
 * @throws ArgumentError if the base has no distribution function, no bound is given, or they are not low < high within the base's support;
 * ShapeError if a bound does not broadcast to the event.
 * @example
 * ```ts
 * import { Normal, Truncated } from "pushforward/distributions"
 *
 * const halfNormal = Truncated(Normal(0, 1), { low: 0 })
 * ```
 */
export const Truncated = (base: Distribution<"real">, bounds: Bounds): Distribution<"real"> => {
  const name = `Truncated(${base.name})`
  const { cumulative, eventShape } = base
  if (cumulative === undefined) {
    throw new ArgumentError({
      argument: "Truncated.base",
      expected: "a distribution with `cumulative` (Normal, LogNormal, Cauchy, Exponential, Uniform)",
      received: base.name
    })
  }
  const { low, high } = withinSupport(base, bounds)
  const limits = base.support.name === "positive" ? nonnegative : base.support
  for (const [argument, bound] of Object.entries({ low, high })) {
    if (bound === undefined) continue
    checkParameter("Truncated", argument, [bound, limits])
    if (!sameShape(broadcastShapes(`Truncated.${argument}`, [shapeOf(bound), eventShape]), eventShape)) {
      throw new ShapeError({
        where: `Truncated.${argument}`,
        expected: `one that broadcasts to ${showShape(eventShape)} (the base's event)`,
        received: showShape(shapeOf(bound))
      })
    }
  }
  const part = (): Part => {
    if (low === undefined) return below(cumulative, asTensor(high!))
    return high === undefined ? above(cumulative, asTensor(low)) : between(cumulative, asTensor(low), asTensor(high))
  }
  return {
    name,
    kind: "real",
    support: supportOf({ low, high }),
    eventShape,
    logProb: (value) => {
      const x = asEvent(name, eventShape, value)
      const none = tf.zeros([...eventShape], "bool")
      const under = low === undefined ? none : tf.less(x, asTensor(low))
      const over = high === undefined ? none : tf.greater(x, asTensor(high))
      const out = tf.any(tf.logicalOr(under, over))
      const logMass = tf.sum(tf.broadcastTo(part().logMass, [...eventShape]))
      return tf.where(out, negativeInfinity(), tf.sub(base.logProb(x), logMass))
    },
    sample: (noise) => part().quantile(noise.uniform(eventShape))
  }
}

/** The bounds with those of the base's support where they were left out. */
const withinSupport = ({ name, support }: Distribution, { low, high }: Bounds): Bounds => {
  if (low === undefined && high === undefined) {
    throw new ArgumentError({ argument: "Truncated.bounds", expected: "a low or a high bound", received: "neither" })
  }
  if (support.name === "real" || (low !== undefined && high !== undefined)) return { low, high }
  if (support.name === "positive" || support.name === "nonnegative") return { low: low ?? 0, high }
  throw new ArgumentError({ argument: "Truncated.bounds", expected: `both bounds for ${name} on ${support.name}`, received: "one" })
}

const supportOf = ({ low, high }: Bounds): Constraint => {
  if (low !== undefined && high !== undefined) return interval(low, high)
  return low !== undefined ? greaterThan(low) : lessThan(high!)
}

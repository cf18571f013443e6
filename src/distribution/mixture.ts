import * as tf from "@tensorflow/tfjs-core"
import type { Constraint } from "../constraint/constraint.ts"
import { nonnegative, positive, real } from "../constraint/index.ts"
import { ArgumentError, ShapeError } from "../errors.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import { float32, stopGradient } from "../math/index.ts"
import { asTensor, shapeOf } from "../trace/tensor.ts"
import type { Numeric } from "../trace/tensor.ts"
import { Categorical } from "./categorical.ts"
import type { Cumulative, Distribution, Kind } from "./distribution.ts"
import { negativeInfinity } from "./logarithms.ts"
import { asEvent, checkParameter } from "./parameters.ts"

/** log Σ exp(terms), −∞ with a zero gradient where every term is −∞. */
const logSumExp = (terms: tf.Tensor): tf.Tensor => {
  const none = tf.equal(tf.max(terms), negativeInfinity())
  return tf.where(none, negativeInfinity(), tf.logSumExp(tf.where(none, 0, terms)))
}

/** The support that the components share; that of positive and nonnegative components is `nonnegative`. */
const commonSupport = (components: ReadonlyArray<Distribution>): Constraint => {
  const supports = new Map(components.map(({ support }) => [support.name, support]))
  if (supports.size === 1) return components[0]!.support
  if (supports.size === 2 && supports.has(positive.name) && supports.has(nonnegative.name)) return nonnegative
  throw new ArgumentError({
    argument: "Mixture.components",
    expected: "components of one support",
    received: components.map((c) => `${c.name} on ${c.support.name}`).join(", ")
  })
}

/**
 * The mixture Σₖ softmax(logits)ₖ pₖ of whole events: one component gives the whole value. (For a mixture by row, put it into a plate.)
 *
 * Event shape: that of the components, which share it and their support; `logits` is [K]. For a scalar event whose components have
 * distribution functions F the draw has the implicit gradient −∂F/∂θ / p. Other draws have no gradient in the weights: they are marked
 * `reparameterised: false`.
 *
 * @throws ArgumentError if there is no component, a logit is not finite or the supports differ; ShapeError if the shapes do.
 * @see Figurnov, Mohamed & Mnih 2018, "Implicit reparameterization gradients", section 4.
 */
export const Mixture = <K extends Kind>(logits: Numeric, components: ReadonlyArray<Distribution<K>>): Distribution<K> => {
  const [first, ...others] = components
  if (first === undefined)
    throw new ArgumentError({ argument: "Mixture.components", expected: "at least one distribution", received: "none" })
  const { kind, eventShape } = first
  if (!sameShape(shapeOf(logits), [components.length])) {
    throw new ShapeError({
      where: "Mixture.logits",
      expected: `[${components.length}], one per component`,
      received: showShape(shapeOf(logits))
    })
  }
  checkParameter("Mixture", "logits", [logits, real])
  for (const other of others) {
    if (!sameShape(other.eventShape, eventShape)) {
      throw new ShapeError({
        where: "Mixture.components",
        expected: `${showShape(eventShape)} for each, as the first's`,
        received: showShape(other.eventShape)
      })
    }
  }
  const support = commonSupport(components)
  const logWeights = (): tf.Tensor => {
    const l = asTensor(logits)
    return tf.sub(l, tf.logSumExp(l))
  }
  const logProb = (value: tf.Tensor): tf.Tensor => {
    const x = asEvent("Mixture", eventShape, value)
    return logSumExp(tf.add(logWeights(), tf.stack(components.map((c) => float32(c.logProb(x))))))
  }
  const choose: Distribution<K>["sample"] = (noise) => {
    const chosen = Categorical(logits).sample(noise)
    const draws = components.map((c) => c.sample(noise))
    return draws.reduce((before, draw, k) => tf.where(tf.equal(chosen, k), draw, before))
  }
  const cumulatives = components.flatMap((c): ReadonlyArray<Cumulative> => (c.cumulative === undefined ? [] : [c.cumulative]))
  const implicit = eventShape.length === 0 && cumulatives.length === components.length
  return {
    name: "Mixture",
    kind,
    support,
    eventShape,
    logProb,
    sample: implicit ? (noise) => withImplicitGradient(stopGradient(choose(noise)), logWeights(), cumulatives, logProb) : choose,
    ...(kind === "real" && !implicit && { reparameterised: false as const })
  }
}

/** x with the gradient −∂F/∂θ / p of the mixture's quantile at its place. */
const withImplicitGradient = (
  x: tf.Tensor,
  logWeights: tf.Tensor,
  cumulatives: ReadonlyArray<Cumulative>,
  logProb: (x: tf.Tensor) => tf.Tensor
): tf.Tensor => {
  const cdf = tf.exp(logSumExp(tf.add(logWeights, tf.stack(cumulatives.map((c) => c.logCdf(x))))))
  const density = tf.exp(stopGradient(logProb(x)))
  return tf.sub(x, tf.div(tf.sub(cdf, stopGradient(cdf)), density))
}

import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../bijector/bijector.ts"
import { ShapeError } from "../errors.ts"
import { sameShape, showShape } from "../graph/shape.ts"
import { sampleWithLogProb } from "./distribution.ts"
import type { Distribution } from "./distribution.ts"
import { negativeInfinity } from "./logarithms.ts"
import { asEvent } from "./parameters.ts"

/**
 * The pushforward of a distribution through a bijector: the distribution of f(X), X ~ base, with
 * log p(y) = log p_base(f⁻¹(y)) + log |det J_f⁻¹(y)|. A draw and its density together (`sampleWithLogProb`) never invert f.
 *
 * Event shape: that of the bijector's codomain; the base's event has the shape of its domain.
 *
 * @throws ShapeError if the base's event does not fit the bijector.
 * @see Papamakarios et al. 2021, "Normalizing Flows for Probabilistic Modeling and Inference", eq. 3–5.
 * @example
 * ```ts
 * import { exp } from "pushforward/bijectors"
 * import { Normal, Transformed } from "pushforward/distributions"
 *
 * const logNormal = Transformed(Normal(0, 1), exp())
 * ```
 */
export const Transformed = (base: Distribution<"real">, bijector: Bijector): Distribution<"real"> => {
  const { domain, codomain } = bijector
  if (!sameShape(base.eventShape, domain.shape)) {
    throw new ShapeError({
      where: `Transformed(${base.name}, ${bijector.name})`,
      expected: `${showShape(domain.shape)} (the bijector's domain) for the base's event`,
      received: showShape(base.eventShape)
    })
  }
  const { outside, bijector: chart } = codomain.constraint
  const logProb = (y: tf.Tensor): tf.Tensor => {
    const { value: x, logDet } = bijector.inverse(y)
    return tf.add(base.logProb(x), logDet)
  }
  /** A point of the codomain. */
  const inside = (): tf.Tensor => {
    const from = chart?.(codomain.shape)
    return from === undefined ? tf.zeros([...codomain.shape]) : from.forward(tf.zeros([...from.domain.shape])).value
  }
  const name = `Transformed(${base.name}, ${bijector.name})`
  return {
    name,
    kind: "real",
    support: codomain.constraint,
    eventShape: codomain.shape,
    logProb: (value) => {
      const y = asEvent(name, codomain.shape, value)
      if (outside === undefined) return logProb(y)
      const out = tf.any(outside(y))
      return tf.where(out, negativeInfinity(), logProb(tf.where(out, inside(), y)))
    },
    sample: (noise) => bijector.forward(base.sample(noise)).value,
    sampleWithLogProb: (noise) => {
      const draw = sampleWithLogProb(base, noise)
      const { value, logDet } = bijector.forward(draw.value)
      return { value, logProb: tf.sub(draw.logProb, logDet) }
    },
    ...(base.reparameterised === false && { reparameterised: false as const })
  }
}

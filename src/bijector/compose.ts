import * as tf from "@tensorflow/tfjs-core"
import { ShapeError } from "../errors.ts"
import { sameShape } from "../graph/shape.ts"
import type { Bijector, Space } from "./bijector.ts"
import { showSpace } from "./make.ts"

const sameSpace = (a: Space, b: Space): boolean => sameShape(a.shape, b.shape) && a.constraint.name === b.constraint.name

/** The space where the one ends must be the space where the other starts. */
export const checkEnds = (first: Bijector, second: Bijector): void => {
  if (!sameSpace(first.codomain, second.domain)) {
    throw new ShapeError({
      where: `chain of "${first.name}" and "${second.name}"`,
      expected: `${showSpace(first.codomain)}, where "${first.name}" ends`,
      received: `${showSpace(second.domain)}, where "${second.name}" starts`,
      remedy: "Maps are applied in reading order."
    })
  }
}

/** First `first`, then `second`. */
export const compose = (first: Bijector, second: Bijector): Bijector => {
  checkEnds(first, second)
  return {
    name: `${first.name}, ${second.name}`,
    domain: first.domain,
    codomain: second.codomain,
    forward: (x) => {
      const a = first.forward(x)
      const b = second.forward(a.value)
      return { value: b.value, logDet: tf.add(a.logDet, b.logDet) }
    },
    inverse: (y) => {
      const b = second.inverse(y)
      const a = first.inverse(b.value)
      return { value: a.value, logDet: tf.add(b.logDet, a.logDet) }
    }
  }
}

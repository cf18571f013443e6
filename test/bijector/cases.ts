import * as tf from "@tensorflow/tfjs-core"
import * as B from "../../src/bijector/index.ts"
import * as C from "../../src/constraint/index.ts"
import { normals } from "../support/numbers.ts"
import { array, type Case } from "./support.ts"

const draw = (seed: number, ...shape: ReadonlyArray<number>) =>
  array(
    shape,
    normals(
      seed,
      shape.reduce((a, b) => a * b, 1)
    )
  )
const fixed = (make: () => B.Bijector): Omit<Case, "name"> => ({ make, parameters: [] })

/** Bijectors at random parameters. */
export const casesOf = (seed: number): ReadonlyArray<Case> => {
  const tril = normals(seed, 9).map((v, k) => (k % 4 === 0 ? Math.exp(v) * (v > 1 ? -1 : 1) : k % 3 > Math.floor(k / 3) ? 0 : v))
  const cases: Record<string, Omit<Case, "name">> = {
    identity: fixed(() => B.identity([2, 2])),
    exp: fixed(() => B.exp([3])),
    softplus: fixed(() => B.softplus([3])),
    tanh: fixed(() => B.tanh([3])),
    sigmoid: fixed(() => B.sigmoid([2])),
    "sigmoid between tensors": {
      make: (lower, width) => B.sigmoid([2, 2], lower!, tf.add(lower!, tf.exp(width!))),
      parameters: [draw(seed, 2), draw(seed + 1, 2, 1)]
    },
    elementwiseAffine: { make: (a, b) => B.elementwiseAffine(a!, b!), parameters: [draw(seed, 3), draw(seed + 1, 3)] },
    "elementwiseAffine, one scale": { make: (a, b) => B.elementwiseAffine(a!, b!, [2, 3]), parameters: [draw(seed, 3), draw(seed + 1)] },
    scaleShift: {
      make: (shift, logScale) => B.scaleShift({ shift: shift!, logScale: logScale! }),
      parameters: [draw(seed, 3), draw(seed + 1, 3)]
    },
    permutation: fixed(() => B.permutation([2, 0, 3, 1])),
    reshape: fixed(() => B.reshape([2, 3], [3, 2])),
    triangularAffine: { make: (a, L) => B.triangularAffine(a!, L!), parameters: [draw(seed, 3), array([3, 3], tril)] },
    affineCoupling: {
      make: (w) =>
        B.affineCoupling({ size: 5, conditioner: (x) => ({ shift: tf.dot(x, w!), logScale: tf.tanh(tf.dot(tf.square(x), w!)) }) }),
      parameters: [draw(seed, 2, 3)]
    },
    "affineCoupling of the first": {
      make: (w) =>
        B.affineCoupling({
          size: 4,
          split: 3,
          transform: "first",
          conditioner: (x) => ({ shift: tf.dot(x, w!), logScale: tf.tanh(tf.dot(x, w!)) })
        }),
      parameters: [draw(seed, 1, 3)]
    },
    rationalQuadraticSpline: { make: (raw) => B.rationalQuadraticSpline(raw!), parameters: [draw(seed, 4, 23)] },
    "rationalQuadraticSpline of a scalar": { make: (raw) => B.rationalQuadraticSpline(raw!, 2), parameters: [draw(seed, 5)] },
    splineCoupling: {
      make: (w) => B.splineCoupling({ size: 3, bound: 6, conditioner: (x) => tf.reshape(tf.dot(x, w!), [2, 11]) }),
      parameters: [draw(seed, 1, 22)]
    },
    chain: {
      make: (a, b, raw) => B.chain([B.elementwiseAffine(a!, b!), B.rationalQuadraticSpline(raw!), B.exp([2])]),
      parameters: [draw(seed, 2), draw(seed + 1, 2), draw(seed + 2, 2, 23)]
    },
    "inverse of a spline": { make: (raw) => B.invert(B.rationalQuadraticSpline(raw!)), parameters: [draw(seed, 3, 23)] },
    toSimplex: fixed(() => B.toSimplex([4])),
    "toSimplex, rows": fixed(() => B.toSimplex([2, 3])),
    toOrdered: fixed(() => B.toOrdered([4])),
    "toOrdered, one": fixed(() => B.toOrdered([1])),
    "toOrdered, rows": fixed(() => B.toOrdered([2, 3])),
    toPositiveOrdered: fixed(() => B.toPositiveOrdered([3])),
    "toPositiveOrdered, rows of one": fixed(() => B.toPositiveOrdered([2, 1])),
    toLowerCholesky: fixed(() => B.toLowerCholesky([3, 3])),
    "toLowerCholesky, several": fixed(() => B.toLowerCholesky([2, 2, 2])),
    toCorrCholesky: fixed(() => B.toCorrCholesky([4, 4])),
    "toCorrCholesky, several": fixed(() => B.toCorrCholesky([2, 3, 3])),
    "greaterThan a tensor": { make: (bound) => C.greaterThan(bound!).bijector!([3]), parameters: [draw(seed, 3)] },
    lessThan: fixed(() => C.lessThan(3).bijector!([2]))
  }
  return Object.entries(cases).map(([name, c]) => ({ name, ...c }))
}

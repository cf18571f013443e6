import * as tf from "@tensorflow/tfjs-core"
import * as B from "../../src/bijector/index.ts"
import { maskOf, strictTriangle } from "../../src/bijector/triangle.ts"
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

/** A bijector by component of which each depends on the components before it. */
export const onPrevious =
  (w: tf.Tensor) =>
  (x: tf.Tensor): B.Bijector => {
    const before = tf.cumsum(tf.mul(tf.sin(x), w), 0, true)
    return B.scaleShift({ shift: before, logScale: tf.sin(before) })
  }

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
    leakyReLU: { make: (slope) => B.leakyReLU(tf.exp(slope!)), parameters: [draw(seed, 3)] },
    rotation: { make: (angle) => B.rotation(angle!), parameters: [draw(seed)] },
    linear: fixed(() => B.linear(draw(seed, 4, 4))),
    luLinear: {
      make: (L, U) =>
        B.luLinear({
          indices: [1, 2, 0],
          lower: tf.add(tf.mul(L!, maskOf(strictTriangle(3))), tf.eye(3)),
          upper: tf.transpose(U!)
        }),
      parameters: [draw(seed, 3, 3), array([3, 3], tril)]
    },
    planar: {
      make: (w, u, b) => B.planar({ w: w!, u: u!, b: b! }),
      parameters: [draw(seed, 3), draw(seed + 1, 3), draw(seed + 2)]
    },
    radial: {
      make: (centre, alpha, beta) => B.radial({ centre: centre!, alpha: tf.exp(alpha!), beta: beta! }),
      parameters: [draw(seed, 3), draw(seed + 1), draw(seed + 2)]
    },
    additiveCoupling: {
      make: (w) => B.additiveCoupling({ size: 5, conditioner: (x) => tf.dot(x, w!) }),
      parameters: [draw(seed, 2, 3)]
    },
    maskedAutoregressive: {
      make: (w) => B.maskedAutoregressive({ size: 4, conditioner: onPrevious(w!) }),
      parameters: [draw(seed, 4)]
    },
    inverseAutoregressive: {
      make: (w) => B.inverseAutoregressive({ size: 4, conditioner: onPrevious(w!) }),
      parameters: [draw(seed, 4)]
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

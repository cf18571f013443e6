import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import * as B from "../../src/bijector/index.ts"
import type { Bijector } from "../../src/bijector/index.ts"
import { positive } from "../../src/constraint/index.ts"
import { family, type Family } from "../../src/testing/index.ts"
import { knots, positives, reals, triangles } from "./arbitraries.ts"

type Subject = Bijector | Family<Bijector>

/** Names of those with knots at 0, where nothing more than continuity is promised of the gradient. */
export const atKnots = (name: string): boolean => /spline|chain/i.test(name)

/** Exports that make no bijector. */
export const others = ["euclidean"] as const

/** Every bijector that is exported, with random parameters. */
export const bijectors: Readonly<Record<Exclude<keyof typeof B, (typeof others)[number]>, ReadonlyArray<Subject>>> = {
  affineCoupling: [
    family({
      name: "affineCoupling",
      parameters: fc.record({ w: reals([2, 3]) }),
      make: ({ w }) =>
        B.affineCoupling({ size: 5, conditioner: (x) => ({ shift: tf.dot(x, w), logScale: tf.tanh(tf.dot(tf.square(x), w)) }) })
    }),
    family({
      name: "affineCoupling of the first part",
      parameters: fc.record({ w: reals([1, 3]) }),
      make: ({ w }) =>
        B.affineCoupling({
          size: 4,
          split: 3,
          transform: "first",
          conditioner: (x) => ({ shift: tf.dot(x, w), logScale: tf.sin(tf.dot(x, w)) })
        })
    })
  ],
  chain: [
    family({
      name: "chain",
      parameters: fc.record({ shift: reals([2]), scale: reals([2]), raw: knots([2, 23]) }),
      make: ({ shift, scale, raw }) => B.chain([B.elementwiseAffine(shift, tf.exp(scale)), B.rationalQuadraticSpline(raw), B.sigmoid([2])])
    })
  ],
  compose: [
    family({
      name: "compose",
      parameters: fc.record({ L: triangles(2) }),
      make: ({ L }) => B.compose(B.triangularAffine([1, 2], L), B.softplus([2]))
    })
  ],
  coupling: [
    family({
      name: "coupling",
      parameters: fc.record({ w: reals([2]) }),
      make: ({ w }) => B.coupling("sigmoid coupling", { size: 3 }, (x) => B.elementwiseAffine(tf.mul(w, x), tf.exp(tf.sin(tf.add(w, x)))))
    })
  ],
  elementwiseAffine: [
    family({
      name: "elementwiseAffine",
      parameters: fc.record({ shift: reals([3]), scale: positives() }),
      make: ({ shift, scale }) => B.elementwiseAffine(shift, scale)
    }),
    family({
      name: "elementwiseAffine, negative and over two axes",
      parameters: fc.record({ shift: reals(), scale: positives([2, 1]) }),
      make: ({ shift, scale }) => B.elementwiseAffine(shift, tf.neg(scale), [2, 3])
    })
  ],
  exp: [B.exp(), B.exp([2, 2])],
  identity: [B.identity([2, 2]), B.identity([2], positive)],
  invert: [
    B.invert(B.exp([2])),
    B.invert(B.toSimplex([3])),
    family({
      name: "inverse of a spline",
      parameters: fc.record({ raw: knots([3, 23]) }),
      make: ({ raw }) => B.invert(B.rationalQuadraticSpline(raw))
    })
  ],
  makeBijector: [
    B.makeBijector({
      name: "a user's own",
      domain: B.euclidean([]),
      codomain: B.euclidean([]),
      forward: (x) => ({ value: tf.asinh(x), logDet: tf.mul(-0.5, tf.log1p(tf.square(x))) }),
      inverse: (y) => ({ value: tf.sinh(y), logDet: tf.log(tf.cosh(y)) })
    })
  ],
  permutation: [B.permutation([2, 0, 3, 1])],
  rationalQuadraticSpline: [
    family({
      name: "rationalQuadraticSpline",
      parameters: fc.record({ raw: knots([2, 23]) }),
      make: ({ raw }) => B.rationalQuadraticSpline(raw)
    }),
    family({
      name: "rationalQuadraticSpline of a scalar",
      parameters: fc.record({ raw: knots([5]) }),
      make: ({ raw }) => B.rationalQuadraticSpline(raw, 2)
    })
  ],
  reshape: [B.reshape([2, 3], [3, 2])],
  scaleShift: [
    family({
      name: "scaleShift",
      parameters: fc.record({ shift: reals([3]), logScale: reals([3]) }),
      make: ({ shift, logScale }) => B.scaleShift({ shift, logScale })
    })
  ],
  sigmoid: [
    B.sigmoid([2]),
    family({
      name: "sigmoid between tensors",
      parameters: fc.record({ low: reals([2]), width: positives() }),
      make: ({ low, width }) => B.sigmoid([2], low, tf.add(low, width))
    })
  ],
  softplus: [B.softplus(), B.softplus([3])],
  splineCoupling: [
    family({
      name: "splineCoupling",
      parameters: fc.record({ w: reals([1, 22]) }),
      make: ({ w }) => B.splineCoupling({ size: 3, bound: 6, conditioner: (x) => tf.reshape(tf.dot(x, w), [2, 11]) })
    })
  ],
  tanh: [B.tanh(), B.tanh([2])],
  toCorrCholesky: [B.toCorrCholesky([2, 2]), B.toCorrCholesky([4, 4]), B.toCorrCholesky([2, 3, 3])],
  toLowerCholesky: [B.toLowerCholesky([1, 1]), B.toLowerCholesky([3, 3]), B.toLowerCholesky([2, 2, 2])],
  toOrdered: [B.toOrdered([1]), B.toOrdered([4]), B.toOrdered([2, 3])],
  toPositiveOrdered: [B.toPositiveOrdered([3]), B.toPositiveOrdered([2, 1])],
  toSimplex: [B.toSimplex([2]), B.toSimplex([4]), B.toSimplex([2, 3])],
  triangularAffine: [
    family({
      name: "triangularAffine",
      parameters: fc.record({ shift: reals([3]), L: triangles(3) }),
      make: ({ shift, L }) => B.triangularAffine(shift, L)
    })
  ]
}

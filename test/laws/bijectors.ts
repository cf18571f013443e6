import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import * as B from "../../src/bijector/index.ts"
import type { Bijector } from "../../src/bijector/index.ts"
import { maskOf, strictTriangle } from "../../src/bijector/triangle.ts"
import { positive } from "../../src/constraint/index.ts"
import { family, type Family } from "../../src/testing/index.ts"
import { onPrevious } from "../bijector/cases.ts"
import { knots, positives, reals, triangles } from "./arbitraries.ts"

type Subject = Bijector | Family<Bijector>

/** Names of those with knots at 0, where nothing more than continuity is promised of the gradient. */
export const atKnots = (name: string): boolean => /spline|chain|leaky/i.test(name)

const splineOnPrevious =
  (w: tf.Tensor) =>
  (x: tf.Tensor): Bijector =>
    B.rationalQuadraticSpline(tf.outerProduct(tf.sin(tf.cumsum(x, 0, true)) as tf.Tensor1D, w as tf.Tensor1D))

/** Exports that make no bijector. */
export const others = ["euclidean"] as const

/** Every bijector that is exported, with random parameters. */
export const bijectors: Readonly<Record<Exclude<keyof typeof B, (typeof others)[number]>, ReadonlyArray<Subject>>> = {
  additiveCoupling: [
    family({
      name: "additiveCoupling",
      parameters: fc.record({ w: reals([2]) }),
      make: ({ w }) => B.additiveCoupling({ size: 3, conditioner: (x) => tf.mul(w, tf.sin(x)) })
    })
  ],
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
  inverseAutoregressive: [
    family({
      name: "inverseAutoregressive",
      parameters: fc.record({ w: reals([4]) }),
      make: ({ w }) => B.inverseAutoregressive({ size: 4, conditioner: onPrevious(w) })
    }),
    family({
      name: "inverseAutoregressive by splines",
      parameters: fc.record({ w: knots([8]) }),
      make: ({ w }) => B.inverseAutoregressive({ size: 2, conditioner: splineOnPrevious(w) })
    })
  ],
  invert: [
    B.invert(B.exp([2])),
    B.invert(B.toSimplex([3])),
    family({
      name: "inverse of a spline",
      parameters: fc.record({ raw: knots([3, 23]) }),
      make: ({ raw }) => B.invert(B.rationalQuadraticSpline(raw))
    }),
    family({
      name: "inverse of planar",
      parameters: fc.record({ w: positives([2]), u: reals([2]), b: reals() }),
      make: ({ w, u, b }) => B.invert(B.planar({ w, u, b }))
    }),
    family({
      name: "inverse of radial",
      parameters: fc.record({ centre: reals([2]), alpha: positives(), beta: reals() }),
      make: ({ centre, alpha, beta }) => B.invert(B.radial({ centre: tf.add(centre, 0.31), alpha, beta }))
    })
  ],
  leakyReLU: [
    family({ name: "leakyReLU", parameters: fc.record({ slope: positives([3]) }), make: ({ slope }) => B.leakyReLU(slope) }),
    family({
      name: "leakyReLU, one slope",
      parameters: fc.record({ slope: positives() }),
      make: ({ slope }) => B.leakyReLU(slope, [2, 2])
    })
  ],
  linear: [
    B.linear([[-3]]),
    B.linear([
      [0, 2],
      [-1, 3]
    ]),
    B.linear([
      [0.1, 2, -1],
      [3, 1, 1],
      [1, -2, 0.5]
    ])
  ],
  luLinear: [
    family({
      name: "luLinear",
      parameters: fc.record({ L: reals([3, 3]), U: triangles(3) }),
      make: ({ L, U }) =>
        B.luLinear({ indices: [2, 0, 1], lower: tf.add(tf.mul(L, maskOf(strictTriangle(3))), tf.eye(3)), upper: tf.transpose(U) })
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
  maskedAutoregressive: [
    family({
      name: "maskedAutoregressive",
      parameters: fc.record({ w: reals([4]) }),
      make: ({ w }) => B.maskedAutoregressive({ size: 4, conditioner: onPrevious(w) })
    }),
    family({
      name: "maskedAutoregressive by splines",
      parameters: fc.record({ w: knots([8]) }),
      make: ({ w }) => B.maskedAutoregressive({ size: 2, conditioner: splineOnPrevious(w) })
    }),
    family({
      name: "maskedAutoregressive of one",
      parameters: fc.record({ w: reals([1]) }),
      make: ({ w }) => B.maskedAutoregressive({ size: 1, conditioner: () => B.elementwiseAffine(w, 2) })
    })
  ],
  permutation: [B.permutation([2, 0, 3, 1])],
  planar: [
    family({
      name: "planar",
      parameters: fc.record({ w: positives([3]), u: reals([3]), b: reals() }),
      make: ({ w, u, b }) => B.planar({ w, u, b })
    }),
    family({
      name: "planar of one",
      parameters: fc.record({ w: positives([1]), u: reals([1]), b: reals() }),
      make: ({ w, u, b }) => B.planar({ w, u, b })
    })
  ],
  radial: [
    family({
      name: "radial",
      parameters: fc.record({ centre: reals([3]), alpha: positives(), beta: reals() }),
      make: ({ centre, alpha, beta }) => B.radial({ centre: tf.add(centre, 0.31), alpha, beta })
    }),
    family({
      name: "radial of one",
      parameters: fc.record({ centre: reals([1]), alpha: positives(), beta: reals() }),
      make: ({ centre, alpha, beta }) => B.radial({ centre: tf.add(centre, 0.31), alpha, beta })
    })
  ],
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
  rotation: [family({ name: "rotation", parameters: fc.record({ angle: reals() }), make: ({ angle }) => B.rotation(angle) })],
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

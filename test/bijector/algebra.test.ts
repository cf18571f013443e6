import * as tf from "@tensorflow/tfjs-core"
import "@tensorflow/tfjs-backend-cpu"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as B from "../../src/bijector/index.ts"
import { groupoid } from "../../src/bijector/groupoid.ts"
import { positive, simplex } from "../../src/constraint/index.ts"

const space = B.euclidean([3])
const { compose, id, invert } = groupoid(space)

/** Maps of R³ that do not commute. */
const arrow = fc.oneof(
  fc
    .tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: 0.2, max: 3, noNaN: true }))
    .map(([a, b]) => B.elementwiseAffine([a, 0, -a], b)),
  fc.constantFrom([1, 2, 0], [2, 1, 0]).map((order) => B.permutation(order)),
  fc.constantFrom("first" as const, "last" as const).map((transform) =>
    B.affineCoupling({
      size: 3,
      transform,
      split: transform === "first" ? 2 : 1,
      conditioner: (x) => ({ shift: tf.concat([tf.sin(x), x]), logScale: tf.tanh(tf.tile(x, [2])) })
    })
  )
)
const point = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 })

const numbers = (bijector: B.Bijector, x: ReadonlyArray<number>) =>
  tf.tidy(() => {
    const { value, logDet } = bijector.forward(tf.tensor1d([...x]))
    return [...value.dataSync(), logDet.dataSync()[0]!]
  })

const agree = (f: B.Bijector, g: B.Bijector, x: ReadonlyArray<number>): void => {
  const [a, b] = [numbers(f, x), numbers(g, x)]
  a.forEach((v, i) => expect(Math.abs(v - b[i]!)).toBeLessThan(2e-4 * (1 + Math.abs(v))))
}

describe("the groupoid", () => {
  test("composition is associative, with identities and inverses", () => {
    fc.assert(
      fc.property(arrow, arrow, arrow, point, (f, g, h, x) => {
        agree(compose(h, compose(g, f)), compose(compose(h, g), f), x)
        agree(compose(f, id()), f, x)
        agree(compose(id(), f), f, x)
        agree(compose(invert(f), f), id(), x)
        agree(invert(compose(g, f)), compose(invert(f), invert(g)), x)
        agree(invert(invert(f)), f, x)
      }),
      { seed: 3, numRuns: 40 }
    )
  })

  test("a chain is read from left to right", () => {
    expect(numbers(B.chain([B.elementwiseAffine(1, [1, 1, 1]), B.elementwiseAffine(0, [2, 2, 2])]), [0, 1, 2]).slice(0, 3)).toEqual([
      2, 4, 6
    ])
    const chain = B.chain([B.permutation([1, 2, 0]), B.exp([3])])
    expect(chain.name).toBe("chain(permutation, exp)")
    expect([chain.domain.constraint.name, chain.codomain.constraint.name]).toEqual(["real", "positive"])
  })
})

describe("errors name what does not fit", () => {
  const cases: ReadonlyArray<readonly [string, () => unknown, ...ReadonlyArray<string | RegExp>]> = [
    [
      "ends of a chain",
      () =>
        B.chain([
          B.exp([2]),
          B.triangularAffine(0, [
            [1, 0],
            [0, 1]
          ])
        ]),
      '"exp"',
      '"triangularAffine"',
      "positive [2]",
      "real [2]"
    ],
    ["shapes of a chain", () => B.chain([B.identity([2]), B.exp([3])]), "real [2]", "real [3]", '"identity"'],
    ["an empty chain", () => B.chain([]), "chain.bijectors"],
    ["a value's shape", () => B.exp([2]).forward(tf.zeros([3])), "exp.forward", "[2]", "[3]"],
    ["a value's shape backwards", () => B.toSimplex([3]).inverse(tf.zeros([2])), "toSimplex.inverse", "[3]", "[2]"],
    ["a permutation with a repetition", () => B.permutation([0, 0, 1]), "permutation.indices", "[0, 0, 1]"],
    ["a permutation out of range", () => B.permutation([0, 3]), "permutation.indices"],
    ["a scale of 0", () => B.elementwiseAffine(0, [1, 0]), "elementwiseAffine.scale", "got 0"],
    ["a scale wider than the event", () => B.elementwiseAffine(0, [1, 2], []), "elementwiseAffine.scale", "[2]"],
    ["bounds the wrong way round", () => B.sigmoid([], 1, 0), "interval(1, 0)"],
    ["a matrix that is not square", () => B.triangularAffine(0, [[1, 0]]), "triangularAffine.scaleTril", "[1, 2]"],
    [
      "a covariance for a factor",
      () =>
        B.triangularAffine(
          [0, 0],
          [
            [1, 0.5],
            [0.5, 1]
          ]
        ),
      "row 0, column 1",
      "Cholesky"
    ],
    [
      "a shift that does not fit",
      () =>
        B.triangularAffine(
          [0, 0, 0],
          [
            [1, 0],
            [0, 1]
          ]
        ),
      "triangularAffine.shift",
      "[3]",
      "[2, 2]"
    ],
    ["a coupling without a passive part", () => B.splineCoupling({ size: 1, conditioner: (x) => x }), "coupling.split", "0 of 1"],
    ["a number of spline parameters", () => B.rationalQuadraticSpline(tf.zeros([2, 22])), "rationalQuadraticSpline.raw", "[2, 22]"],
    ["a bound", () => B.rationalQuadraticSpline(tf.zeros([2, 23]), -1), "rationalQuadraticSpline.bound", "-1"],
    [
      "what a conditioner gives",
      () => B.affineCoupling({ size: 4, conditioner: (x) => ({ shift: x, logScale: tf.zeros([3]) }) }).forward(tf.zeros([4])),
      "scaleShift.shift",
      "[2]",
      "[3]"
    ],
    ["a reshape", () => B.reshape([2, 3], [5]), "reshape.to", "[5]", "6"],
    ["a scalar simplex", () => simplex.bijector!([]), "toSimplex.shape", "K ≥ 2"],
    ["a correlation factor that is not square", () => B.toCorrCholesky([2, 3]), "toCorrCholesky.shape", "[2, 3]"]
  ]
  for (const [what, run, ...parts] of cases) {
    test(what, () => {
      let message = ""
      try {
        run()
      } catch (error) {
        expect(["ShapeError", "ArgumentError"]).toContain((error as { _tag?: string })._tag)
        message = (error as Error).message
      }
      for (const part of parts) expect(message).toContain(part)
    })
  }

  test("the inverse of an inverse has its own name back", () => {
    expect(B.invert(B.exp()).name).toBe("inverse of exp")
    expect(B.invert(B.invert(B.exp())).name).toBe("exp")
    expect(B.invert(B.exp()).domain.constraint).toBe(positive)
  })
})

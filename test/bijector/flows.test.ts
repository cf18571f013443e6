import * as tf from "@tensorflow/tfjs-core"
import "@tensorflow/tfjs-backend-cpu"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as B from "../../src/bijector/index.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"
import { normals } from "../support/numbers.ts"
import { array, invertMatrix, roundTrip, roundTrip32, type Case } from "./support.ts"

const fixed = (make: () => B.Bijector): Case => ({ name: "", make, parameters: [] })
const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0)
const near = (a: ArrayLike<number>, b: ArrayLike<number>, room: number): void => {
  expect(a.length).toBe(b.length)
  Array.from(a).forEach((v, i) => expect(Math.abs(v - b[i]!), `component ${i}: ${v} against ${b[i]}`).toBeLessThanOrEqual(room))
}
const vector = (length: number, size = 3) =>
  fc.array(fc.double({ min: -size, max: size, noNaN: true }), { minLength: length, maxLength: length })

/** The constant with softplus(constant) = 0.999. */
const constant = Math.log(Math.expm1(0.999))
const slopeOf = (raw: number): number => Math.log1p(Math.exp(raw + constant)) + 0.001
const rawOf = (slope: number): number => {
  const s = slope - 0.001
  return (s > 30 ? s : Math.log(Math.expm1(s))) - constant
}

describe("planar", () => {
  test("is the map of Rezende & Mohamed, eq. 10–12 and appendix A.1", () => {
    fc.assert(
      fc.property(vector(3), vector(3), fc.double({ min: -3, max: 3, noNaN: true }), vector(3), (free, u, b, x) => {
        const w = free.map((v) => v + Math.sign(v || 1) * 0.1)
        const along = dot(w, u)
        const moved = u.map((v, i) => v + ((slopeOf(along) - 1 - along) * w[i]!) / dot(w, w))
        const t = Math.tanh(dot(w, x) + b)
        const out = roundTrip(
          fixed(() => B.planar({ w, u, b })),
          x
        )
        near(
          out.value,
          x.map((v, i) => v + moved[i]! * t),
          1e-12 * (1 + Math.hypot(...moved))
        )
        expect(out.logDet).toBeCloseTo(Math.log(Math.abs(1 + (1 - t * t) * dot(w, moved))), 9)
      }),
      { seed: 1, numRuns: 50 }
    )
  })

  test("its inverse is exact for slopes from 0.001 to 10⁶, near and far", () => {
    for (const slope of [0.001001, 0.5, 1, 2, 689170.7]) {
      for (const x of [0, 1e-12, -1e-3, 0.11995, -0.5, 1, -3, 6.22964, 300]) {
        const c = fixed(() => B.planar({ w: [1], u: [rawOf(slope)], b: 0 }))
        const out = roundTrip(c, [x])
        const t = Math.tanh(x)
        const steepness = t * t + slope * (1 - t * t)
        const y = Math.abs(out.value[0]!)
        // what roundings move the root by, and the image less what it was moved by
        const room = (unit: number): number => 8 * unit * (Math.abs(x) + y + (Math.abs(x) + slope * Math.abs(t)) / steepness)
        expect(Math.abs(out.back[0]! - x), `slope ${slope} at ${x}`).toBeLessThanOrEqual(room(2 ** -53))
        expect(Math.abs(roundTrip32(c, [x]).back[0]! - x), `slope ${slope} at ${x}, float32`).toBeLessThanOrEqual(room(2 ** -24))
      }
    }
  })

  test("without a direction it is a translation, whose parameters have finite gradients", () => {
    const [y, g] = evaluate(
      (w, x) => {
        const out = B.planar({ w: w!, u: [1, 2], b: 0.5 }).forward(x!)
        return [out.value, gradient(tf.add(tf.sum(out.value), out.logDet), [w!])[0]!]
      },
      [array([2], [0, 0]), array([2], [3, 4])]
    )
    near(y!.data, [3 + Math.tanh(0.5), 4 + 2 * Math.tanh(0.5)], 1e-15)
    expect(g!.data.every(Number.isFinite)).toBe(true)
  })
})

describe("radial", () => {
  test("is the map of Rezende & Mohamed, eq. 14 and appendix A.2", () => {
    fc.assert(
      fc.property(
        vector(3),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.double({ min: -20, max: 20, noNaN: true }),
        vector(3),
        (centre, alpha, beta, x) => {
          const out = roundTrip(
            fixed(() => B.radial({ centre, alpha, beta })),
            x
          )
          const away = x.map((v, i) => v - centre[i]!)
          const r = Math.hypot(...away)
          const [betaHat, h] = [alpha * (slopeOf(beta) - 1), 1 / (alpha + r)]
          near(
            out.value,
            x.map((v, i) => v + betaHat * h * away[i]!),
            1e-12 * (1 + Math.abs(beta))
          )
          const logDet = 2 * Math.log(1 + betaHat * h) + Math.log(1 + betaHat * h - betaHat * h * h * r)
          expect(out.logDet).toBeCloseTo(logDet, 8)
          near(out.back, x, 1e-11)
        }
      ),
      { seed: 2, numRuns: 50 }
    )
  })

  test("at its centre it has its slope, a gradient, and an inverse", () => {
    for (const beta of [-40, -2, 0, 3, 40]) {
      const c = fixed(() => B.radial({ centre: [1, -2], alpha: 0.3, beta }))
      for (const x of [
        [1, -2],
        [1 + 1e-9, -2],
        [1, -2 - 1e-4]
      ]) {
        const out = roundTrip(c, x)
        expect(out.jacobian.every((row) => row.every(Number.isFinite))).toBe(true)
        near(out.back, x, 1e-15 / Math.min(1, slopeOf(beta)))
        expect(out.logDet).toBeCloseTo(invertMatrix(out.jacobian).logDet, 8)
        expect(out.backLogDet).toBeCloseTo(-out.logDet, 8)
      }
      expect(roundTrip(c, [1, -2]).logDet).toBeCloseTo(2 * Math.log(slopeOf(beta)), 12)
    }
  })
})

test("the inverse of a radial map has its slope where the terms of the quadratic change sign", () => {
  // r = |y| = α s = 1, where the slope of the inverse is that of any other point
  const slopes = evaluate(
    (y) => {
      const { value } = B.radial({ centre: [0], alpha: 1, beta: 0 }).inverse(y!)
      return [gradient(tf.sum(value), [y!])[0]!]
    },
    [array([1], [1])]
  )
  expect(slopes[0]!.data[0]).toBeCloseTo(1, 12)
})

describe("linear", () => {
  test("the factors give the determinant and the inverse, with pivots", () => {
    const hilbert = Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (__, j) => 1 / (i + j + 1)))
    const matrices = [
      hilbert,
      Array.from({ length: 6 }, (_, i) => Array.from(normals(i, 6))),
      [
        [0, 0, 2],
        [3, 0, 0],
        [0, -5, 0]
      ]
    ]
    for (const matrix of matrices) {
      const x = Array.from(normals(9, matrix.length))
      const out = roundTrip(
        fixed(() => B.linear(matrix)),
        x
      )
      const { logDet, norm } = invertMatrix(matrix)
      near(
        out.value,
        matrix.map((row) => dot(row, x)),
        1e-14
      )
      expect(Math.abs(out.logDet - logDet)).toBeLessThan(1e-15 * norm + 1e-13)
      near(out.back, x, 1e-15 * norm * 10 + 1e-14)
    }
    // det of the 5 × 5 Hilbert matrix: 1/266716800000
    expect(
      roundTrip(
        fixed(() => B.linear(hilbert)),
        [0, 0, 0, 0, 0]
      ).logDet
    ).toBeCloseTo(-Math.log(266716800000), 9)
  })

  test("a rotation turns anticlockwise", () => {
    near(
      roundTrip(
        fixed(() => B.rotation(Math.PI / 6)),
        [2, 0]
      ).value,
      [Math.sqrt(3), 1],
      1e-15
    )
  })
})

test("a leaky ReLU keeps 0 and NaN", () => {
  const out = roundTrip(
    fixed(() => B.leakyReLU([0.1, 0.1, 0.1])),
    [-2, 0, 2]
  )
  near(out.value, [-0.2, 0, 2], 1e-16)
  expect(out.logDet).toBeCloseTo(Math.log(0.1), 15)
  expect(
    B.leakyReLU(0.5, [1])
      .forward(tf.tensor1d([NaN]))
      .value.dataSync()[0]
  ).toBeNaN()
})

describe("autoregressive", () => {
  const conditioner = (x: tf.Tensor): B.Bijector => {
    const before = tf.cumsum(tf.square(x), 0, true)
    return B.scaleShift({ shift: tf.sin(before), logScale: tf.cos(before) })
  }
  /** One component after the other: g of x given what `seen` has settled. */
  const oneByOne = (x: ReadonlyArray<number>, seen: (y: ReadonlyArray<number>, i: number) => number): ReadonlyArray<number> =>
    x.reduce<ReadonlyArray<number>>((y, v, i) => {
      const before = Array.from({ length: i }, (_, k) => seen(y, k) ** 2).reduce((a, b) => a + b, 0)
      return [...y, Math.sin(before) + Math.exp(Math.cos(before)) * v]
    }, [])
  const x = [0.7, -1.2, 0.4, 2, -0.3]

  test("the masked one depends on what it has made, the inverse one on what it was given", () => {
    const [masked, inverse] = [B.maskedAutoregressive({ size: 5, conditioner }), B.inverseAutoregressive({ size: 5, conditioner })]
    near(
      roundTrip(
        fixed(() => masked),
        x
      ).value,
      oneByOne(x, (y, k) => y[k]!),
      1e-13
    )
    near(
      roundTrip(
        fixed(() => inverse),
        x
      ).value,
      oneByOne(x, (_, k) => x[k]!),
      1e-13
    )
    near(
      roundTrip(
        fixed(() => inverse),
        x
      ).back,
      x,
      1e-13
    )
  })

  test("what has not been settled does not spill over, in the value or the gradient", () => {
    // before the second component is there the third would overflow
    const steep = (y: tf.Tensor): B.Bijector =>
      B.scaleShift({ shift: tf.zeros([3]), logScale: tf.mul(tf.cumsum(y, 0, true), tf.tensor1d([0, 0, 300])) })
    const [y, g] = evaluate(
      (z) => {
        const { value, logDet } = B.maskedAutoregressive({ size: 3, conditioner: steep }).forward(z!)
        return [value, gradient(tf.add(tf.sum(value), logDet), [z!])[0]!]
      },
      [array([3], [3, -3, 1])]
    )
    expect(Array.from(y!.data)).toEqual([3, -3, 1])
    expect(Array.from(g!.data)).toEqual([1 + 600, 1 + 600, 1])
  })
})

describe("errors say what does not fit", () => {
  const cases: ReadonlyArray<readonly [() => unknown, string]> = [
    [() => B.leakyReLU([1, 0]), "leakyReLU.slope: expected finite numbers above 0, got 0"],
    [() => B.rotation([1, 2]), "rotation.angle: expected shape [], got [2]"],
    [() => B.linear([[1, 2]]), "linear.matrix: expected shape [d, d], got [1, 2]"],
    [
      () =>
        B.linear([
          [1, 2],
          [2, 4]
        ]),
      "linear.matrix: expected an invertible matrix of finite numbers, got [1, 2, 2, 4]"
    ],
    [() => B.linear([[NaN]]), "linear.matrix: expected an invertible matrix of finite numbers, got [NaN]"],
    [() => evaluate((A) => [B.linear(A!).forward(tf.zeros([1])).value], [array([1, 1], [1])]), "a computed tensor"],
    [() => B.luLinear({ indices: [0, 1], lower: [[1]], upper: [[1]] }), "luLinear.lower: expected shape [2, 2]"],
    [() => B.planar({ w: [1, 2], u: [1], b: 0 }), "planar.u: expected shape [2], got [1]"],
    [() => B.planar({ w: 1, u: 1, b: 0 }), "planar.w"],
    [() => B.planar({ w: [1], u: [1], b: [0] }), "planar.b: expected shape [], got [1]"],
    [() => B.radial({ centre: [1], alpha: -1, beta: 0 }), "radial.alpha: expected a finite number above 0, got -1"],
    [() => B.radial({ centre: [1], alpha: 1, beta: [0] }), "radial.beta"],
    [() => B.maskedAutoregressive({ size: 0, conditioner: () => B.exp() }), "maskedAutoregressive.size"],
    [
      () => B.inverseAutoregressive({ size: 2, conditioner: () => B.exp([2]) }).forward(tf.zeros([2])),
      "inverseAutoregressive.conditioner: expected shape real [2], got positive [2]"
    ],
    [() => B.inverseAutoregressive({ size: 2, conditioner: () => B.identity([2]) }).forward(tf.zeros([3])), "inverseAutoregressive.forward"]
  ]
  test.each(cases)("%#", (run, message) => expect(run).toThrow(message))
})

import * as tf from "@tensorflow/tfjs-core"
import "@tensorflow/tfjs-backend-cpu"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import * as B from "../../src/bijector/index.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"
import { array, invertMatrix, roundTrip, roundTrip32 } from "./support.ts"

const scalars = (values: ReadonlyArray<number>) => array([values.length], values)

/** Components one by one in float64: value, slope by reverse mode, log-determinant. */
const components = (map: (x: tf.Tensor) => B.Mapped, values: ReadonlyArray<number>) =>
  values.map((v) => {
    const [y, logDet, slope] = evaluate(
      (x) => {
        const out = map(x!)
        return [out.value, out.logDet, gradient(out.logDet, [x!])[0]!]
      },
      [array([], [v])]
    )
    return { value: y!.data[0]!, logDet: logDet!.data[0]!, slope: slope!.data[0]! }
  })

// mpmath 1.3, 40 digits: log(sech(x)^2)
const far = [-700, -20, -1e-9, 0, 1e-9, 20, 700]
const logSechSquared = [-1398.6137056388801, -38.61370563888011, -1e-18, 0, -1e-18, -38.61370563888011, -1398.6137056388801]

describe("far from the middle", () => {
  test("tanh keeps its log-determinant where its value is rounded to ±1", () => {
    components((x) => B.tanh().forward(x), far).forEach(({ value, logDet, slope }, i) => {
      expect(value).toBe(Math.tanh(far[i]!))
      expect(Math.abs(logDet - logSechSquared[i]!)).toBeLessThanOrEqual(4e-16 * (1 + Math.abs(logSechSquared[i]!)))
      expect(slope).toBeCloseTo(-2 * Math.tanh(far[i]!), 12)
    })
    const y = [1 - 2 ** -53, -(1 - 2 ** -40), 1e-300]
    // mpmath: atanh(y), -log(1-y^2)
    const x = [18.714973875118524, -14.209517201478651, 1e-300]
    const logDet = [36.043653389117156, 27.032740041838324, 0]
    components((v) => B.tanh().inverse(v), y).forEach((out, i) => {
      expect(out.value / x[i]!).toBeCloseTo(1, 14)
      expect(out.logDet).toBeCloseTo(logDet[i]!, 13)
    })
  })

  test("sigmoid and softplus", () => {
    for (const { logDet, slope } of components((x) => B.sigmoid().forward(x), [-700, 700])) {
      expect(logDet).toBe(-700)
      expect(Math.abs(slope)).toBe(1)
    }
    const [small, large] = components((x) => B.softplus().forward(x), [-700, 700])
    expect(small!.value).toBeCloseTo(Math.exp(-700), 320)
    expect(small!.value).toBeGreaterThan(0)
    expect(small!.logDet).toBe(-700)
    expect(large!.value).toBe(700)
    expect(large!.logDet).toBe(-Math.exp(-700))
    const [tiny, huge] = components((y) => B.softplus().inverse(y), [1e-300, 700])
    expect(tiny!.value).toBeCloseTo(Math.log(1e-300), 12)
    expect(tiny!.logDet).toBeCloseTo(-Math.log(1e-300), 12)
    expect(huge!.value).toBe(700)
  })

  test("a correlation factor with correlations near ±1 comes back", () => {
    const c = { name: "", make: () => B.toCorrCholesky([3, 3]), parameters: [] }
    const x = [9, -8, 0.001]
    const out = roundTrip(c, x)
    // float64 holds Lᵢᵢ to full relative precision, so x is found again although 1 − z² is 6e-8
    out.back.forEach((v, i) => expect(Math.abs(v - x[i]!)).toBeLessThan(1e-13 * (1 + Math.abs(x[i]!))))
    roundTrip32(c, x).back.forEach((v, i) => expect(Math.abs(v - x[i]!)).toBeLessThan(4e-6 * (1 + Math.abs(x[i]!))))
  })

  test("a simplex with a share of 1e-30 comes back in float32", () => {
    const c = { name: "", make: () => B.toSimplex([3]), parameters: [] }
    roundTrip32(c, [40, 30]).back.forEach((v, i) => expect(Math.abs(v - [40, 30][i]!)).toBeLessThan(1e-4))
  })
})

describe("rational-quadratic splines", () => {
  const bins = 8
  const rough = fc.record({
    raw: fc.array(fc.double({ min: -12, max: 12, noNaN: true }), { minLength: 3 * bins - 1, maxLength: 3 * bins - 1 }),
    x: fc.oneof(fc.double({ min: -6, max: 6, noNaN: true }), fc.constantFrom(-5, 5, 0, 4.999999, -4.999999))
  })
  const caseOf = (raw: ReadonlyArray<number>) => ({
    name: "",
    make: (r: tf.Tensor | undefined) => B.rationalQuadraticSpline(r!),
    parameters: [array([1, 3 * bins - 1], raw)]
  })

  test("at steep parameters: monotone, both directions agree, no NaN", () => {
    fc.assert(
      fc.property(rough, ({ raw, x }) => {
        const out = roundTrip(caseOf(raw), [x])
        const { logDet, norm } = invertMatrix(out.jacobian)
        expect(Math.abs(out.value[0]!)).toBeLessThanOrEqual(Math.max(5 + 1e-12, Math.abs(x)))
        expect(Math.abs(out.logDet - logDet)).toBeLessThan(1e-9)
        expect(Math.abs(out.back[0]! - x)).toBeLessThan(1e-13 * (1 + norm) * 100)
        expect(Math.abs(out.backLogDet + out.logDet)).toBeLessThan(1e-9 * (1 + norm))
        const single = roundTrip32(caseOf(raw), [x])
        expect(Number.isFinite(single.logDet) && Number.isFinite(single.backLogDet)).toBe(true)
        expect(Math.abs(single.back[0]! - x)).toBeLessThan(2e-5 * (1 + norm))
      }),
      { seed: 11, numRuns: 60 }
    )
  })

  test("the inverse has no negative discriminant at float32 knots", () => {
    fc.assert(
      fc.property(rough, ({ raw }) => {
        const spline = B.rationalQuadraticSpline(tf.tensor2d([Array.from({ length: 400 }, () => raw)].flat(2), [400, 3 * bins - 1]))
        const y = Float32Array.from({ length: 400 }, (_, i) => -5 + (10 * i) / 399)
        const { value, logDet } = spline.inverse(tf.tensor1d(y))
        const x = value.dataSync()
        expect(Number.isFinite(logDet.dataSync()[0])).toBe(true)
        x.forEach((v, i) => expect(i === 0 || v >= x[i - 1]! - 2e-5).toBe(true))
      }),
      { seed: 12, numRuns: 12 }
    )
  })

  test("the inverse keeps its digits in a flat piece that ends steeply", () => {
    // piece 3 rises by little over [-1.25, 0], and leaves its right knot with slope 30: q < 0 near there, where the plain formula cancels
    const raw = new Array<number>(3 * bins - 1).fill(0)
    raw[bins + 3] = -4
    raw[2 * bins + 3] = 30
    for (const x of [-0.001, -0.0001]) {
      // the share of the interval that x becomes is rounded to 6e-8 of 10; the plain formula is off by 4e-5 and more
      expect(Math.abs(roundTrip32(caseOf(raw), [x]).back[0]! - x)).toBeLessThan(1.2e-6)
    }
  })

  test("at parameters 0 it is the identity", () => {
    const x = [-7, -5, -2.5, -0.1, 0, 1.25, 4.99, 5, 6]
    const out = roundTrip({ name: "", make: () => B.rationalQuadraticSpline(tf.zeros([9, 23])), parameters: [] }, x)
    out.value.forEach((v, i) => expect(v).toBeCloseTo(x[i]!, 13))
    expect(out.logDet).toBeCloseTo(0, 13)
  })

  test("outside the bound it passes everything, and its parameters get no gradient", () => {
    const [y, logDet, g] = evaluate(
      (raw, x) => {
        const out = B.rationalQuadraticSpline(raw!).forward(x!)
        return [out.value, out.logDet, gradient(tf.add(tf.sum(out.value), out.logDet), [raw!])[0]!]
      },
      [
        array(
          [2, 23],
          Array.from({ length: 46 }, (_, i) => Math.sin(i))
        ),
        scalars([-5.5, 1e6])
      ]
    )
    expect(Array.from(y!.data)).toEqual([-5.5, 1e6])
    expect(logDet!.data[0]).toBe(0)
    expect(g!.data.every((v) => v === 0)).toBe(true)
  })

  test("NaN stays NaN", () => {
    const out = B.rationalQuadraticSpline(tf.zeros([1, 23])).forward(tf.tensor1d([NaN]))
    expect(out.value.dataSync()[0]).toBeNaN()
    expect(out.logDet.dataSync()[0]).toBeNaN()
  })
})

import { describe, expect, test } from "vitest"
import type { Real } from "../../src/engine/wasm/math/emitter.ts"
import { mathFunctions } from "../../src/engine/wasm/math/table.ts"
import * as special from "../../src/special/index.ts"
import { arrayOf, mathModule } from "./mathModule.ts"
import { ulps } from "./ulp.ts"

interface Case {
  readonly value: (x: number) => number
  /** Distances in units in the last place; those of float64 hold against a reference that is itself a few off. */
  readonly f32?: number
  readonly f64?: number
  /** Where the bound is promised. */
  readonly on?: (x: number) => boolean
}

/** The reference: the host's functions in float64. */
const unary: Readonly<Record<string, Case>> = {
  exp: { value: Math.exp },
  expm1: { value: Math.expm1 },
  log: { value: Math.log },
  log1p: { value: Math.log1p },
  tanh: { value: Math.tanh, f64: 4 },
  sigmoid: { value: special.sigmoid, f64: 5 },
  softplus: { value: special.softplus, f64: 5 },
  erf: { value: special.erf, f64: 5 },
  sin: { value: Math.sin, on: (x) => !(Math.abs(x) > 1e4) || Math.abs(x) === Infinity },
  cos: { value: Math.cos, on: (x) => !(Math.abs(x) > 1e4) || Math.abs(x) === Infinity },
  atan: { value: Math.atan }
}

const scramble = (i: number): number => {
  let h = Math.imul(i ^ (i >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const EDGES = [
  0,
  -0,
  Infinity,
  -Infinity,
  NaN,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  -(2 ** -126),
  3.4028234663852886e38,
  -3.4028234663852886e38,
  5e-324,
  -5e-324,
  2 ** -1022,
  -(2 ** -1022),
  1.7976931348623157e308,
  -1.7976931348623157e308,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2
]

/** Where an algorithm changes its ways, or its result its kind. */
const BREAKS = [
  0.625,
  1,
  Math.SQRT1_2,
  Math.SQRT2,
  Math.SQRT2 - 1,
  Math.SQRT2 + 1,
  4,
  6,
  10,
  20,
  40,
  88.722839,
  103.97208,
  709.782712893384,
  745.1332191019411,
  0.34657359,
  1.0397208,
  2 ** -24,
  2 ** -53,
  Math.PI / 4,
  Math.PI / 2,
  Math.PI,
  2 * Math.PI,
  5000 * Math.PI,
  0.85,
  1.5,
  2.5,
  8,
  16.635532,
  36.7368
]

/** All exponents with random significands; a finer net within ±100; neighbourhoods of breaks; edges. */
const inputs = (dtype: Real, count: number): ReturnType<typeof arrayOf> => {
  const x = arrayOf(dtype, count)
  const words = new Int32Array(x.buffer)
  for (let i = 0; i < count; i++) {
    if (i % 4 < 2) {
      if (dtype === "f32") words[i] = Math.round((i / count) * 2 ** 32) + (scramble(i) >>> 16)
      else {
        words[2 * i] = scramble(i)
        words[2 * i + 1] = Math.round((i / count) * 2 ** 32) + (scramble(~i) >>> 16)
      }
    } else if (i % 4 === 2) x[i] = (scramble(i) / 2 ** 31) * 10 ** (2 - 4 * (i / count))
    else {
      const at = BREAKS[i % BREAKS.length]! * (scramble(i) & 1 ? 1 : -1)
      x[i] = at * (1 + (scramble(i + 7) / 2 ** 31) * 10 ** (-16 * (i / count)))
    }
  }
  x.set(EDGES)
  return x
}

describe.each([true, false])("relaxed SIMD: %s", (relaxed) => {
  test.each(Object.keys(unary))("%s in float32: two units of its value, the limits exact", (name) => {
    const { value, f32 = 2, on = () => true } = unary[name]!
    const x = inputs("f32", 400_000)
    const y = mathModule(name, "f32", relaxed)(x)
    let worst = { distance: 0, x: 0, y: 0, expected: 0 }
    for (let i = 0; i < x.length; i++) {
      const expected = Math.fround(value(x[i]!))
      const distance = Object.is(expected, 0) !== Object.is(y[i], 0) && expected === 0 ? Infinity : ulps("f32", y[i]!, expected)
      if (distance > worst.distance && on(x[i]!)) worst = { distance, x: x[i]!, y: y[i]!, expected }
    }
    expect(worst).toMatchObject({ distance: expect.toSatisfy((d: number) => d <= f32) })
  })

  test.each(Object.keys(unary))("%s in float64: a few units of the host's value, the limits exact", (name) => {
    const { value, f64 = 3, on = () => true } = unary[name]!
    const x = inputs("f64", 200_000)
    const y = mathModule(name, "f64", relaxed)(x)
    let worst = { distance: 0, x: 0, y: 0, expected: 0 }
    for (let i = 0; i < x.length; i++) {
      const expected = value(x[i]!)
      const distance = Object.is(expected, 0) !== Object.is(y[i], 0) && expected === 0 ? Infinity : ulps("f64", y[i]!, expected)
      if (distance > worst.distance && on(x[i]!)) worst = { distance, x: x[i]!, y: y[i]!, expected }
    }
    expect(worst).toMatchObject({ distance: expect.toSatisfy((d: number) => d <= f64) })
  })
})

test("every function of one argument is held to a reference", () => {
  expect(Object.keys(unary).toSorted()).toEqual(
    Object.entries(mathFunctions)
      .filter(([, f]) => f.arguments === 1)
      .map(([name]) => name)
      .toSorted()
  )
})

import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import type { Real } from "../../src/engine/wasm/math/emitter.ts"
import { mathFunctions } from "../../src/engine/wasm/math/table.ts"
import * as special from "../../src/special/index.ts"
import { arrayOf, mathModule } from "./mathModule.ts"
import { ulps } from "./ulp.ts"

/** Inputs and values of all functions, computed by mpmath 1.3 with 400 bits: random and wide, around breaks and limits, subnormal, far out. */
const reference: Readonly<Record<string, ReadonlyArray<ReadonlyArray<number>>>> = JSON.parse(
  readFileSync(new URL("wasmMath.reference.json", import.meta.url), "utf8")
)

interface Case {
  readonly value: (x: number) => number
  /** Distances in units in the last place; those of float64 hold against a reference that is itself a few off. */
  readonly f32?: number
  readonly f64?: number
  /** Where the bound is promised, and where the reference is good enough for float64. */
  readonly on?: (x: number) => boolean
  readonly on64?: (x: number) => boolean
}

/**
 * Where the reference of the gamma family is of relative precision: away from zeros, of which there is one between any two poles, and not right
 * below 0, where squares and sines of subnormal numbers are lost.
 */
const regular =
  (f: (x: number) => number) =>
  (x: number): boolean =>
    x >= 0 ? !(Math.abs(f(x)) < 0.3) : x < -0.4 ? !Number.isFinite(f(x)) : !(x > -1e-100)

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
  atan: { value: Math.atan },
  erfinv: { value: special.erfinv, f64: 8 },
  lgamma: { value: special.lgamma, f32: 4, f64: 8, on64: regular(special.lgamma) },
  digamma: { value: special.digamma, f32: 4, f64: 64, on64: regular(special.digamma) },
  trigamma: { value: special.trigamma, f32: 4, f64: 16, on64: regular(special.trigamma) }
}

const binary: Readonly<Record<string, (a: number, b: number) => number>> = { pow: Math.pow, atan2: Math.atan2 }

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

interface Worst {
  readonly distance: number
  readonly at: ReadonlyArray<number>
}

const within = (bound: number): Worst => ({ distance: expect.toSatisfy((d: number) => d <= bound), at: expect.anything() })

/** The largest distance of y from the expected values, zeros of the wrong sign counting as infinitely far. */
const worstOf = (
  dtype: Real,
  y: ArrayLike<number>,
  inputs: ReadonlyArray<ArrayLike<number>>,
  value: (...x: ReadonlyArray<number>) => number
): Worst => {
  let worst: Worst = { distance: 0, at: [] }
  for (let i = 0; i < y.length; i++) {
    const x = inputs.map((values) => values[i]!)
    const expected = dtype === "f32" ? Math.fround(value(...x)) : value(...x)
    const distance = expected === 0 && y[i] === 0 && !Object.is(expected, y[i]) ? Infinity : ulps(dtype, y[i]!, expected)
    if (distance > worst.distance) worst = { distance, at: [...x, y[i]!, expected] }
  }
  return worst
}

describe.each([true, false])("relaxed SIMD: %s", (relaxed) => {
  test.each(Object.keys(unary))("%s in float32: two units of its value, the limits exact", (name) => {
    const { value, f32 = 2, on = () => true } = unary[name]!
    const x = inputs("f32", 200_000).filter(on)
    expect(worstOf("f32", mathModule(name, "f32", relaxed)(x), [x], value)).toEqual(within(f32))
  })

  test.each(Object.keys(unary))("%s in float64: a few units of the host's value, the limits exact", (name) => {
    const { value, f64 = 3, on = () => true, on64 = on } = unary[name]!
    const x = inputs("f64", 100_000).filter(on64)
    expect(worstOf("f64", mathModule(name, "f64", relaxed)(x), [x], value)).toEqual(within(f64))
  })

  test.each(Object.keys(binary))("%s in float32: two units of its value for all pairs of edges and for random ones", (name) => {
    const value = binary[name]!
    const edges = [...EDGES, 3, -3, 0.25, 1.5, -2.5, 1e20, -1e20, 2 ** 24 + 2, -(2 ** 24) - 2].map(Math.fround)
    const count = edges.length ** 2 + 100_000
    const a = arrayOf("f32", count)
    const b = arrayOf("f32", count)
    for (let i = 0; i < count; i++) {
      const k = i - edges.length ** 2
      a[i] = k < 0 ? edges[i % edges.length]! : Math.exp((scramble(i) / 2 ** 31) * (k % 3 === 0 ? 80 : 1)) * (k % 5 === 0 ? -1 : 1)
      b[i] = k < 0 ? edges[Math.floor(i / edges.length)]! : (scramble(~i) / 2 ** 31) * (k % 7 === 0 ? 1000 : 10)
      if (k > 0 && k % 11 === 0) b[i] = Math.round(b[i]!)
    }
    expect(worstOf("f32", mathModule(name, "f32", relaxed)(a, b), [a, b], value)).toEqual(within(2))
  })

  test.each(Object.keys(binary))("%s in float64: the edges, in pairs, are the host's", (name) => {
    const a = arrayOf(
      "f64",
      EDGES.flatMap(() => EDGES)
    )
    const b = arrayOf(
      "f64",
      EDGES.flatMap((x) => EDGES.map(() => x))
    )
    expect(worstOf("f64", mathModule(name, "f64", relaxed)(a, b), [a, b], binary[name]!)).toEqual(within(2))
  })

  test.each(Object.keys(reference))("%s in float64: within its bound of the values that mpmath gives with 400 bits", (name) => {
    const rows = reference[name]!
    const columns = rows[0]!.map((_, k) =>
      arrayOf(
        "f64",
        rows.map((row) => row[k]!)
      )
    )
    const y = mathModule(name, "f64", relaxed)(...columns.slice(0, -1))
    expect(worstOf("f64", y, columns, (...row) => row.at(-1)!)).toEqual(within(name === "pow" ? 8 : /gamma/.test(name) ? 4 : 2))
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

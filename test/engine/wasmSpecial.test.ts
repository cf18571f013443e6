import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { mathFunctions } from "../../src/engine/wasm/math/table.ts"
import { elementwiseBinary, elementwiseUnary, selection } from "../../src/graph/primitive/elementwise.ts"
import * as special from "../../src/special/index.ts"
import type { RealArray } from "./mathModule.ts"
import { arrayOf, mathModule } from "./mathModule.ts"

const power = (base: number, low: number, high: number) => fc.double({ min: low, max: high, noNaN: true }).map((e) => base ** e)
const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  power(10, -20, 0),
  power(2, -53, -1).map((p) => 1 - p)
)
const EDGES = [0, -0, 1, -1, Infinity, -Infinity, NaN, 0.5, 2, 3, 5e-324, 1e-310]

type Row = ReadonlyArray<number>

interface Case {
  readonly value: (...x: Row) => number
  readonly rows: fc.Arbitrary<Row>
  /** Relative, in float64; where it is not 0, float32 may differ by the last place. */
  readonly tolerance: number
}

const cases: Readonly<Record<string, Case>> = {
  // one quadrature on both sides; the exponent, up to 10⁴ and near 0 by cancellation, loses four digits of double precision
  gammaDerivative: {
    value: special.gammaDerivative as Case["value"],
    rows: fc
      .tuple(power(10, -4, 4), fc.double({ min: -2, max: 2, noNaN: true }), power(10, -8, 2), fc.boolean())
      .map(([a, z, x, near]) => [a, near ? a * Math.exp(z / Math.sqrt(a + 0.1)) : x]),
    tolerance: 1e-12
  },
  poissonQuantile: { value: special.poissonQuantile as Case["value"], rows: fc.tuple(power(10, -3, 5), probability), tolerance: 0 },
  binomialQuantile: {
    value: special.binomialQuantile as Case["value"],
    rows: fc.tuple(power(10, 0, 5).map(Math.floor), fc.oneof(probability, power(10, -5, 0)), probability),
    tolerance: 0
  },
  mod: {
    value: (a, b) => ((a! % b!) + b!) % b!,
    rows: fc.oneof(
      fc.tuple(power(10, -307, 308), power(10, -307, 308), fc.boolean(), fc.boolean()).map(([a, b, s, t]) => [s ? a : -a, t ? b : -b]),
      fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: -7, max: 7, noNaN: true }))
    ),
    tolerance: 0
  }
}

const columnsOf = (dtype: "f32" | "f64", rows: ReadonlyArray<Row>): ReadonlyArray<RealArray> =>
  rows[0]!.map((_, k) =>
    arrayOf(
      dtype,
      rows.map((row) => row[k]!)
    )
  )

const same = (a: number, b: number, tolerance: number): boolean => Object.is(a, b) || Math.abs(a - b) <= tolerance * Math.abs(b)

describe.each(["f64", "f32"] as const)("%s", (dtype) => {
  test.each(Object.keys(cases))("%s is the reference's, with relaxed SIMD and without, edges included", (name) => {
    const { value, rows, tolerance } = cases[name]!
    const count = mathFunctions[name]!.arguments
    const edges = EDGES.flatMap((a) => EDGES.flatMap((b) => (count === 2 ? [[a, b]] : EDGES.map((c) => [a, b, c]))))
    const columns = columnsOf(dtype, [...fc.sample(rows, { seed: 5, numRuns: 500 }), ...edges])
    for (const relaxed of [true, false]) {
      const y = mathModule(name, dtype, relaxed)(...columns)
      const wrong = [...y].flatMap((received, i) => {
        const row = columns.map((c) => c[i]!)
        const expected = dtype === "f32" ? Math.fround(value(...row)) : value(...row)
        return same(received, expected, dtype === "f32" && tolerance > 0 ? 2 ** -23 : tolerance) ? [] : [{ row, received, expected }]
      })
      expect(wrong).toEqual([])
    }
  })
})

test("every mathematical function of the table is a primitive", () => {
  const primitives = { ...elementwiseUnary, ...elementwiseBinary, ...selection }
  expect(Object.keys(mathFunctions).filter((name) => !(name in primitives))).toEqual([])
})

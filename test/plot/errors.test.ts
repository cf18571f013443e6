import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { ArgumentError } from "../../src/errors.ts"
import * as plot from "../../src/plot/index.ts"
import { drawn } from "./marks.ts"

const x = [0, 1, 2]
const step = { step: 1, elbo: -3, elboError: 0.1, applied: true }
const layer = { name: "base", draws: { shape: [2, 2], data: Float64Array.of(0, 1, 1, 0) } }
const draws = { x: { shape: [4], data: Float64Array.of(1, 2, 3, 5) } }
const mesh = plot.mesh([0, 1], [0, 1], 2)
const map = { x, y: [0, 2, 3], logDerivative: [0, 0, 0] }

const hostile: Readonly<Record<string, readonly [make: () => plot.Specification, message: RegExp]>> = {
  "elboTrace, nothing": [() => plot.elboTrace([]), /elboTrace: expected one or more applied steps, got none of 0/],
  "elboTrace, all rejected": [() => plot.elboTrace([{ ...step, applied: false }]), /none of 1/],
  "elboTrace, NaN": [() => plot.elboTrace([step, { ...step, elbo: NaN }]), /elboTrace\[1\]\.elbo.*NaN/],
  "lossCurves, nothing": [() => plot.lossCurves([]), /lossCurves: expected one or more epochs/],
  "lossCurves, infinite": [() => plot.lossCurves([{ epoch: 1, training: 0, heldOut: -Infinity }]), /lossCurves\[0\]\.heldOut.*-Infinity/],
  "scatter2d, nothing": [() => plot.scatter2d([]), /scatter2d: expected one or more points/],
  "scatter2d, NaN": [() => plot.scatter2d([[0, 1], [NaN, 1]]), /scatter2d\[1\]\[0\].*NaN/], // prettier-ignore
  "scatter2d, ragged": [() => plot.scatter2d([[0, 1], [2]]), /scatter2d\[1\].*2 numbers.*got 1/], // prettier-ignore
  "scatter2d, in space": [() => plot.scatter2d([[0, 1, 2]]), /points of 2 numbers, got of 3/],
  "scatter2d, groups": [() => plot.scatter2d([[0, 1]], { group: ["a", "b"] }), /scatter2d\.group: expected 1.*got 2/],
  "scatter2d, many groups": [
    () =>
      plot.scatter2d(
        Array.from({ length: 9 }, () => [0, 0]),
        { group: [..."abcdefghi"] }
      ),
    /at most 8 groups, got 9/
  ],
  "scatter2d, shape": [() => plot.scatter2d({ shape: [2, 2], data: new Float64Array(3) }), /shape \[2, 2\] and 3 numbers/],
  "density2d, nothing": [() => plot.density2d({}), /density2d: expected one or more/],
  "density2d, NaN": [
    () => plot.density2d({ a: { ...mesh, logDensity: [0, 0, NaN, 0] } }),
    /density2d\.a\.logDensity\[2\].*NaN at \(0, 1\)/
  ],
  "density2d, highest": [
    () => plot.density2d({ a: { ...mesh, logDensity: [0, 0, 0, 0] } }, { highest: 0 }),
    /density2d\.highest: expected a density above 0, got 0/
  ],
  "density2d, too few": [() => plot.density2d({ a: { ...mesh, logDensity: [0, 0] } }), /2 × 2 numbers.*got 2/],
  "density2d, empty": [() => plot.density2d({ a: { ...mesh, logDensity: Array(4).fill(-Infinity) } }), /above 0 somewhere/],
  "layerByLayer, nothing": [() => plot.layerByLayer([]), /one or more layers/],
  "layerByLayer, other draws": [
    () => plot.layerByLayer([layer, { name: "next", draws: { shape: [1, 2], data: Float64Array.of(0, 1) } }]),
    /layerByLayer\.next: expected 2/
  ],
  "pairPlot, nothing": [() => plot.pairPlot({}), /pairPlot: expected one or more/],
  "pairPlot, unknown": [() => plot.pairPlot({ a: draws }, { scalars: ["y"] }), /a: x, got y/],
  "pairPlot, log of what is not positive": [
    () => plot.pairPlot({ a: { x: { shape: [2], data: Float64Array.of(1, -1) } } }, { log: ["x"] }),
    /positive.*-1 at draw 1/
  ],
  "pairPlot, NaN": [() => plot.pairPlot({ a: { x: { shape: [2], data: Float64Array.of(1, NaN) } } }), /x.*NaN at draw 1/],
  "pairPlot, mass": [() => plot.pairPlot({ a: draws }, { mass: [1] }), /shares between 0 and 1, got 1/],
  "forestPlot, NaN": [() => plot.forestPlot({ x: { shape: [2], data: Float64Array.of(NaN, 1) } }, { title: "" }), /NaN at draw 0/],
  "curves, nothing": [() => plot.curves({}), /curves: expected one or more/],
  "curves, lengths": [() => plot.curves({ f: { x, y: [1] } }), /curves\.f\.y: expected 3.*got 1/],
  "mapping, a turn": [() => plot.mapping({ ...map, y: [0, 2, 1] }), /mapping\.y\[2\].*direction, got 1/],
  "mapping, places back": [() => plot.mapping({ ...map, x: [0, 2, 1] }), /mapping\.x\[2\].*more than 2, got 1/],
  "histogram, nothing": [() => plot.histogram([]), /histogram: expected one or more finite numbers, got none/],
  "histogram, infinite": [() => plot.histogram([1, Infinity]), /histogram\[1\].*Infinity/],
  "histogram, bins": [() => plot.histogram(x, { bins: 1.5 }), /bins.*1\.5/],
  "histogram, domain": [() => plot.histogram(x, { domain: [1, 1] }), /the lesser first, got \[1, 1\]/],
  "predictive, lengths": [() => plot.predictive(x, [[1, 2]]), /predictive\.replications: expected points of 3 numbers, got of 2/],
  "calibrationRanks, a rank beyond": [
    () => plot.calibrationRanks({ mu: [3, 11] }, { draws: 10 }),
    /calibrationRanks\.mu\[1\].*0 to 10, got 11/
  ],
  "calibrationRanks, a part": [() => plot.calibrationRanks({ mu: [0.5] }, { draws: 10 }), /got 0\.5/],
  "scaling, zero": [() => plot.scaling({ a: [{ size: 1, value: 0 }] }), /scaling\.a\[0\]\.value.*got 0/],
  "images, shape": [() => plot.images({ shape: [2, 4], data: new Float32Array(8) }), /images \[n, height, width\].*\[2, 4\]/],
  "images, NaN": [() => plot.images({ shape: [2, 1, 1], data: Float32Array.of(0, NaN) }), /images\[1\].*NaN/],
  "concat, nothing": [() => plot.concat([]), /concat: expected one or more/]
}

/** All numbers of a specification with their places. */
const numbersOf = (part: unknown, path = ""): ReadonlyArray<readonly [path: string, value: number]> => {
  if (typeof part === "number") return [[path, part]]
  return typeof part === "object" && part !== null ? Object.entries(part).flatMap(([key, value]) => numbersOf(value, `${path}.${key}`)) : []
}

describe("hostile input", () => {
  it.each(Object.entries(hostile))("%s", (_, [make, message]) => {
    expect(make).toThrow(ArgumentError)
    expect(make).toThrow(message)
  })
})

describe("degenerate input", () => {
  it("of one value, one place or no spread has finite numbers alone, and is drawn", async () => {
    const column = (...values: ReadonlyArray<number>) => ({ shape: [3], data: Float64Array.from(values) })
    const still = { x: column(2, 2, 2), y: column(1, 2, 3) }
    const all = [
      plot.scatter2d([[1, 1]]),
      plot.histogram([3, 3, 3]),
      plot.elboTrace([step]),
      plot.lossCurves([{ epoch: 1, training: -1 }]),
      plot.curves({ f: { x: [1], y: [1] } }),
      plot.scaling({ a: [{ size: 1, value: 1 }] }),
      plot.images({ shape: [1, 2, 2], data: new Float32Array(4) }),
      plot.pairPlot({ a: still }),
      plot.picture(still, { title: "", pairs: [{ x: "x", y: "y" }] }),
      plot.predictive(x, [[1, 1, 1]]),
      plot.predictive(x, [[1, 1, 1]], { kind: "intervals" }),
      plot.calibrationRanks({ mu: [0] }, { draws: 1 }),
      plot.layerByLayer([{ name: "base", draws: { shape: [1, 2], data: Float64Array.of(1, 1) } }])
    ]
    for (const specification of all) {
      expect(numbersOf(specification).filter(([, value]) => !Number.isFinite(value))).toEqual([])
      expect(await drawn(specification)).not.toMatch(/NaN|Infinity|undefined/)
    }
  })

  it("of any finite points is drawn within the view", () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 20 }), (rows) => {
        const text = JSON.stringify(plot.scatter2d(rows))
        expect(text).not.toMatch(/NaN|null\]/)
        const [, from, to] = /"domain":\[([^,]+),([^\]]+)\]/.exec(text)!.map(Number)
        expect(from).toBeLessThan(to!)
      }),
      { seed: 5, numRuns: 50 }
    )
  })
})

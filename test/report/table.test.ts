import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { comparison, table } from "../../src/report/table.ts"

const row = (name: string, mean: number, sd: number) => ({ name, mean, sd, q05: mean - 1.645 * sd, q50: mean, q95: mean + 1.645 * sd })

describe("table", () => {
  it("shows two significant digits of each row's own standard deviation", () => {
    const lines = table([
      row("beta[0]", 25.916532, 5.9686),
      row("beta[1]", 0.60862844, 0.058982),
      row("population", 123456.7, 2345.6)
    ]).split("\n")
    expect(lines[0]!.trim().split(/\s+/)).toEqual(["mean", "sd", "5%", "50%", "95%"])
    expect(lines[2]!.trim().split(/\s+/)).toEqual(["beta[0]", "25.9", "6.0", "16.1", "25.9", "35.7"])
    expect(lines[3]!.trim().split(/\s+/)).toEqual(["beta[1]", "0.609", "0.059", "0.512", "0.609", "0.706"])
    expect(lines[4]!.trim().split(/\s+/).slice(0, 3)).toEqual(["population", "123457", "2346"])
  })

  it("never writes a negative zero, and shows what is not finite as it is", () => {
    expect(table([row("mu", -0.001, 1)])).not.toMatch(/-0\.0\b/)
    expect(table([row("mu", Number.NaN, Number.NaN)])).toContain("NaN")
    expect(table([row("fixed", 3, 0)])).toContain("3.00")
  })

  it("keeps every column to one edge, whatever the numbers", () => {
    const finite = fc.double({ min: -1e7, max: 1e7, noNaN: true })
    const rows = fc.array(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_.]{0,40}$/), finite, fc.double({ min: 1e-4, max: 1e5, noNaN: true })), {
      minLength: 1,
      maxLength: 6
    })
    fc.assert(
      fc.property(rows, (entries) => {
        const [, ruled, ...body] = table(entries.map(([name, mean, sd]) => row(name, mean, sd))).split("\n")
        const widths = body.slice(0, -1).map((line) => line.length)
        expect(new Set(widths).size).toBe(1)
        expect(ruled!.length).toBeGreaterThanOrEqual(widths[0]!)
        expect(body).toHaveLength(entries.length + 1)
      }),
      { seed: 1, numRuns: 100 }
    )
  })
})

describe("comparison", () => {
  it("sets summaries side by side by name, and leaves blank what one lacks", () => {
    const text = comparison({ flow: [row("mu", 4.4, 3.3), row("tau", 3.6, 3.2)], reference: [{ name: "mu", mean: 4.38, sd: 3.32 }] })
    const lines = text.split("\n").map((line) => line.trim().split(/\s+/))
    expect(lines[0]).toEqual(["flow", "sd", "reference", "sd"])
    expect(lines[2]).toEqual(["mu", "4.4", "3.3", "4.4", "3.3"])
    expect(lines[3]).toEqual(["tau", "3.6", "3.2"])
  })
})

import { describe, expect, it } from "vitest"
import { type BandOptions, simultaneousBand } from "../../src/plot/band.ts"
import { uniforms } from "./marks.ts"

const equal = (cells: number) => Array.from({ length: cells }, () => 1 / cells)

/** The share of simulated sets of uniform draws whose counts all lie in the band. */
const simulated = (options: BandOptions, sets: number, seed: number) => {
  const { low, high } = simultaneousBand(options)
  const uniform = uniforms(seed)
  const edges = options.cells.map((_, i) => options.cells.slice(0, i + 1).reduce((a, b) => a + b, 0))
  let inside = 0
  for (let s = 0; s < sets; s++) {
    const counts = new Int32Array(options.cells.length)
    for (let n = 0; n < options.count; n++) {
      const u = uniform()
      counts[
        Math.max(
          0,
          edges.findIndex((edge) => u < edge)
        )
      ]!++
    }
    let so = 0
    const levels = Array.from(counts, (n) => (options.of === "cells" ? n : (so += n)))
    inside += Number(levels.every((n, i) => n >= low[i]! && n <= high[i]!))
  }
  return inside / sets
}

describe("a simultaneous band", () => {
  it.each([
    { count: 100, cells: equal(20), of: "cumulated" as const, coverage: 0.95 },
    { count: 300, cells: equal(50), of: "cumulated" as const, coverage: 0.95 },
    { count: 250, cells: equal(20), of: "cells" as const, coverage: 0.9 },
    { count: 200, cells: [0.3, 0.05, 0.05, 0.4, 0.2], of: "cells" as const, coverage: 0.8 }
  ])("of $of for $count draws holds all counts of uniform draws with probability $coverage", (options) => {
    const sets = 4000
    const found = simulated(options, sets, 11)
    const error = Math.sqrt((options.coverage * (1 - options.coverage)) / sets)
    expect(found).toBeGreaterThan(options.coverage - 3.5 * error)
    // counts are whole: the next narrower band holds less than is asked for
    expect(found).toBeLessThan(options.coverage + 0.035)
  })

  it("is the binomial's central interval where there is one count to hold", () => {
    // scipy.stats.binom.ppf([0.025, 0.975], 100, 0.3) = [21, 39]
    const { low, high } = simultaneousBand({ count: 100, cells: [0.3, 0.7], of: "cumulated", coverage: 0.95 })
    expect([low[0], high[0]]).toEqual([21, 39])
    expect([low[1], high[1]]).toEqual([100, 100])
  })
})

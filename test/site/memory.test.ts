/** What is kept of a training does not grow with its length. */
import fc from "fast-check"
import type { FitState } from "pushforward"
import { expect, test } from "vitest"
import { historyOf } from "../../site/view/history.ts"
import { albumOf } from "../../site/worker/album.ts"

const stateAt = (step: number, parameters: number): FitState => {
  const place = {
    parameters: new Float64Array(parameters),
    first: new Float64Array(parameters),
    second: new Float64Array(parameters),
    applied: step
  }
  return { ...place, from: place, step, damping: 1, rejectedInARow: 0, rejected: 0 }
}

test.each([
  [100, 20_000, 0.01],
  [1_000_000, 2000, 0.25]
])("an album of states of %i parameters finds one near to any of %i steps", (parameters, steps, share) => {
  const one = stateAt(0, parameters)
  const album = albumOf(one, steps)
  for (let step = 7; step <= steps; step += 7) album.add({ ...one, step })
  const found = [0, 0.3, 0.77, 1].map((at) => [at * steps, album.nearest(at * steps).step] as const)
  for (const [wanted, got] of found) expect(Math.abs(wanted - got)).toBeLessThanOrEqual(share * steps)
})

test("an album lets states go", () => {
  const one = stateAt(0, 10)
  const album = albumOf(one, 1)
  for (let step = 1; step <= 5000; step++) album.add({ ...one, step })
  const distinct = new Set(Array.from({ length: 5000 }, (_, step) => album.nearest(step).step))
  expect(distinct.size).toBeGreaterThan(90)
  expect(distinct.size).toBeLessThanOrEqual(200)
})

test("stretches of a history are bounded in number, and their means are those of the steps", () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6000 }), fc.integer({ min: 1, max: 97 }), (steps, chunk) => {
      const history = historyOf()
      const rows = Array.from({ length: steps }, (_, i) => [i + 1, Math.sin(i), 0.1])
      for (let i = 0; i < steps; i += chunk) history.add(Float64Array.from(rows.slice(i, i + chunk).flat()))
      const stretches = history.stretches()
      expect(stretches.length).toBeLessThanOrEqual(480)
      expect(stretches.length).toBeGreaterThanOrEqual(Math.min(steps, 240))
      expect(stretches.at(-1)!.step).toBe(steps)
      let from = 0
      for (const { step, mean, error } of stretches) {
        const values = rows.slice(from, step).map(([, v]) => v!)
        expect(mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 10)
        expect(error).toBeCloseTo(0.1, 10)
        from = step
      }
    }),
    { seed: 3, numRuns: 60 }
  ))

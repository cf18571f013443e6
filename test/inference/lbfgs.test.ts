import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { inverseHessianTimes, lbfgs, minimise } from "../../src/inference/lbfgs.ts"
import { normals } from "../../src/random/draws.ts"
import { keyOf } from "../../src/random/key.ts"

type Objective = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array }

const rosenbrock: Objective = (x) => {
  let value = 0
  const gradient = new Float64Array(x.length)
  for (let i = 0; i + 1 < x.length; i++) {
    const [a, b] = [1 - x[i]!, x[i + 1]! - x[i]! ** 2]
    value += a * a + 100 * b * b
    gradient[i]! += -2 * a - 400 * x[i]! * b
    gradient[i + 1]! += 200 * b
  }
  return { value, gradient }
}

const diagonal =
  (scales: ReadonlyArray<number>, centre = 1): Objective =>
  (x) => ({
    value: x.reduce((sum, c, i) => sum + 0.5 * scales[i]! * (c - centre) ** 2, 0),
    gradient: x.map((c, i) => scales[i]! * (c - centre))
  })

const counted = (f: Objective) => {
  const counter = { calls: 0 }
  return [counter, (x: Float64Array) => (counter.calls++, f(x))] as const
}

const largestGap = (x: Float64Array, y: number): number => Math.max(...x.map((c) => Math.abs(c - y)))

describe("lbfgs", () => {
  it.each([2, 10, 50])("finds Rosenbrock's minimum in %i dimensions", (d) => {
    const [counter, f] = counted(rosenbrock)
    const state = minimise(
      f,
      Array.from({ length: d }, (_, i) => (i % 2 ? 1 : -1.2)),
      { gradientTolerance: 1e-8, valueTolerance: 0 }
    )
    expect(state.status).toBe("gradient")
    expect(largestGap(state.next, 1)).toBeLessThan(1e-6)
    expect(counter.calls).toBeLessThan(40 + 20 * d)
  })

  it("finds the minimum of quadratics with condition 1e8", () => {
    const scales = Array.from({ length: 12 }, (_, i) => 10 ** ((8 * i) / 11 - 4))
    const [counter, f] = counted(diagonal(scales, 26))
    const state = minimise(f, new Float64Array(12), { gradientTolerance: 1e-9, valueTolerance: 0, maxIterations: 2000 })
    expect(state.status).toBe("gradient")
    expect(largestGap(state.next, 26)).toBeLessThan(1e-4)
    expect(counter.calls).toBeLessThan(2000)
  })

  it("comes down from any start of a random quadratic, lower at each iterate", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 1000 }), (d, seed) => {
        const noise = normals(keyOf(seed), 2 * d)
        const f = diagonal([...noise.slice(0, d)].map((z) => Math.exp(2 * z)))
        const { status, trajectory } = minimise(
          f,
          noise.slice(d).map((z) => 100 * z)
        )
        expect(["gradient", "value"]).toContain(status)
        trajectory.slice(1).forEach(({ value }, i) => expect(value).toBeLessThanOrEqual(trajectory[i]!.value))
        trajectory.forEach(({ x, value, gradient }) => expect(f(x)).toEqual({ value, gradient }))
      }),
      { seed: 1, numRuns: 100 }
    )
  })

  it.each([Infinity, NaN])("stays in the half space where the function is not %d", (outside) => {
    // −log x + x: minimum 1, outside for x ≤ 0
    const f: Objective = (x) => ({
      value: x.every((c) => c > 0) ? x.reduce((sum, c) => sum - Math.log(c) + c, 0) : outside,
      gradient: x.map((c) => (c > 0 ? 1 - 1 / c : NaN))
    })
    for (const start of [1e-6, 0.1, 20, 1e4]) {
      const state = minimise(f, [start, 2])
      expect(["gradient", "value"]).toContain(state.status)
      expect(largestGap(state.next, 1)).toBeLessThan(1e-5)
    }
  })

  it("gives the inverse Hessian of the dense update, Nocedal & Wright eq. 6.17", () => {
    const { pairs } = minimise(rosenbrock, [-1.2, 1, 2, 0.5], { maxIterations: 9 })
    expect(pairs).toHaveLength(9)
    const d = 4
    const { sy, y } = pairs.at(-1)!
    const scale = sy / y.reduce((sum, c) => sum + c * c, 0)
    let dense = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? scale : 0)))
    for (const { s, y, sy } of pairs) {
      // (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ
      const left = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0) - (s[i]! * y[j]!) / sy))
      const times = (a: Array<Array<number>>, b: Array<Array<number>>) =>
        a.map((row) => b[0]!.map((_, j) => row.reduce((sum, c, k) => sum + c * b[k]![j]!, 0)))
      const transposed = left.map((_, i) => left.map((row) => row[i]!))
      dense = times(times(left, dense), transposed).map((row, i) => row.map((c, j) => c + (s[i]! * s[j]!) / sy))
    }
    const v = Float64Array.of(1, -2, 0.5, 3)
    inverseHessianTimes({ pairs }, v).forEach((c, i) =>
      expect(c).toBeCloseTo(
        dense[i]!.reduce((sum, h, j) => sum + h * v[j]!, 0),
        10
      )
    )
    // the secant equation
    inverseHessianTimes({ pairs }, y).forEach((c, i) => expect(c).toBeCloseTo(pairs.at(-1)!.s[i]!, 12))
  })

  it("takes values that are only good to float32", () => {
    const f: Objective = (x) => {
      const { value, gradient } = diagonal([1, 1e4])(x)
      return { value: Math.fround(1000 + value), gradient: gradient.map(Math.fround) }
    }
    const state = minimise(f, [30, -30], { precision: 1e-6, valueTolerance: 0, gradientTolerance: 1e-2 })
    expect(state.status).toBe("gradient")
    expect(largestGap(state.next, 1)).toBeLessThan(2e-2)
  })

  it("says why it stopped", () => {
    expect(minimise(rosenbrock, [1, 1]).status).toBe("gradient")
    expect(minimise(rosenbrock, [-1.2, 1], { maxIterations: 3 })).toMatchObject({ status: "iterations", trajectory: { length: 4 } })
    expect(minimise(rosenbrock, [-1.2, 1], { valueTolerance: 0.5 }).status).toBe("value")
    expect(minimise(() => ({ value: Infinity, gradient: [0] }), [1]).status).toBe("start")
    expect(minimise(() => ({ value: 1, gradient: [NaN] }), [1]).status).toBe("start")
    expect(minimise((x) => ({ value: Math.log(Math.abs(x[0]!)), gradient: [1 / x[0]!] }), [1]).status).toBe("unbounded")
    // a gradient that points the wrong way
    expect(minimise((x) => ({ value: x[0]! ** 2, gradient: [-2 * x[0]!] }), [1]).status).toBe("lineSearch")
    expect(() => lbfgs().init([NaN])).toThrow("lbfgs.init.x0: expected finite numbers")
  })

  it("goes on from the lowest point found where the slope never flattens", () => {
    const { status, trajectory } = minimise(() => ({ value: 0, gradient: [0] }), [0])
    expect([status, trajectory.length]).toEqual(["gradient", 1])
    const falling = minimise((x) => ({ value: -x[0]!, gradient: [-1] }), [0], { maxIterations: 3 })
    expect(falling).toMatchObject({ status: "iterations", pairs: [] })
    expect(falling.next[0]).toBeGreaterThan(2 ** 39)
  })

  it("drives many starts in one batch, each as it would go alone", () => {
    const starts = Array.from({ length: 5 }, (_, i) => normals(keyOf(i), 4))
    const { init, step } = lbfgs()
    let states = starts.map(init)
    while (states.some(({ status }) => status === "running")) {
      const batch = states.map(({ next }) => rosenbrock(next))
      states = states.map((state, i) => step(state, batch[i]!.value, batch[i]!.gradient))
    }
    expect(states).toEqual(starts.map((x) => minimise(rosenbrock, x)))
  })
})

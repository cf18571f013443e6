import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, test, vi } from "vitest"
import { fullRank, neuralSplineFlow, realNVP } from "pushforward/guides"
import { explain, fit, type Engine, type GraphProgram, type TypedArray } from "pushforward"
import { realNVPStep, schoolsStep } from "./steps.ts"
import { barley, barleyYields } from "../../models/barley.ts"
import { eightSchools, schools } from "../../models/eightSchools.ts"
import { garch } from "../../models/garch.ts"
import { gaussianMixture } from "../../models/gaussianMixture.ts"
import { hmm } from "../../models/hmm.ts"
import { kidIq } from "../../models/kidIq.ts"
import { compile } from "../../src/engine/wasm/compile.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { leave, newAxis, under } from "../../src/trace/axes.ts"
import { asTensor } from "../../src/trace/tensor.ts"
import { programOf, trace } from "../../src/trace/trace.ts"
import { conditionOf, longestSum } from "../graph/errorBound.ts"

type Inputs = Readonly<Record<string, TypedArray>>

const run = (engine: Engine, program: GraphProgram, inputs: Inputs): ReadonlyArray<TypedArray> =>
  Effect.runSync(Effect.scoped(Effect.flatMap(engine.compile(program), (e) => e.run(inputs))))

/** The greatest difference, relative to the greatest number of the result. */
const distance = (got: TypedArray, expected: TypedArray): number => {
  let [worst, scale] = [0, 0]
  expected.forEach((y, i) => {
    const x = got[i]!
    if (Object.is(x, y) || x === y) return
    worst = Math.max(worst, Number.isNaN(x - y) ? Infinity : Math.abs(x - y))
  })
  expected.forEach((y) => (scale = Number.isFinite(y) ? Math.max(scale, Math.abs(y)) : scale))
  return worst / Math.max(scale, 1e-300)
}

/** The reference engine, which notes how far another one's results are from its own. */
const beside = (other: Engine): Engine & { readonly distances: ReadonlyArray<number> } => {
  const distances: Array<number> = []
  return {
    name: "beside",
    distances,
    compile: (program) =>
      Effect.gen(function* () {
        const a = yield* reference().compile(program)
        const b = yield* other.compile(program)
        return {
          program,
          run: (inputs) =>
            Effect.gen(function* () {
              const [expected, got] = [yield* a.run(inputs), yield* b.run(inputs)]
              distances.push(...expected.map((e, i) => distance(got[i]!, e)))
              return expected
            })
        }
      }),
    iterate: (program, carried) =>
      Effect.gen(function* () {
        const a = yield* reference().iterate(program, carried)
        const b = yield* other.iterate(program, carried)
        return {
          program,
          run: (state, rows, count) =>
            Effect.gen(function* () {
              const [expected, got] = [yield* a.run(state, rows, count), yield* b.run(state, rows, count)]
              distances.push(...[...expected.state, ...expected.rows].map((e, i) => distance([...got.state, ...got.rows][i]!, e)))
              return expected
            })
        }
      })
  }
}

const numbers = (n: number, f: (i: number) => number): Array<number> => Array.from({ length: n }, (_, i) => f(i))

const models = {
  "eight schools": () => eightSchools(schools),
  barley: () => barleyYields(barley),
  GARCH: () => garch({ y: numbers(40, (i) => 5 + Math.sin(i * i)), sigma1: 0.5 }),
  mixture: () => gaussianMixture(numbers(30, (i) => (i % 2 === 0 ? 3 : -3) + Math.sin(i))),
  HMM: () => hmm(numbers(25, (i) => (i % 7 < 4 ? 3 : 9) + Math.sin(i))),
  "kid IQ": () => kidIq({ kid_score: numbers(20, (i) => 80 + 10 * Math.sin(i)), mom_iq: numbers(20, (i) => 100 + 10 * Math.cos(3 * i)) })
}

describe("training steps in float64 agree with the reference", () => {
  const guides = [fullRank(), neuralSplineFlow({ couplings: 2 }), realNVP({ couplings: 2 })]
  test.each(Object.entries(models).map(([name, model], i) => [name, model, guides[i % 3]!] as const))("%s", async (_, model, guide) => {
    const engine = beside(wasm({ precision: "float64" }))
    await Effect.runPromise(fit(model() as ReturnType<typeof eightSchools>, guide, { steps: 3, draws: 7, engine }))
    expect(engine.distances.length).toBeGreaterThan(20)
    expect(Math.max(...engine.distances)).toBeLessThan(1e-10)
  })

  test.each([realNVPStep(8, 16), realNVPStep(17, 33), schoolsStep(9)])("$name", ({ program, inputs }) => {
    const expected = run(reference(), program, inputs)
    for (const fused of [true, false]) {
      run(wasm({ precision: "float64", fused }), program, inputs).forEach((got, i) =>
        expect(distance(got, expected[i]!)).toBeLessThan(1e-10)
      )
    }
  })
})

describe("training steps in float32", () => {
  test.each([realNVPStep(17, 33), schoolsStep(9)])("$name: terms and gradient stay within their rounding bound", ({ program, inputs }) => {
    const exact = run(reference(), program, inputs)
    const feed = new Map(program.inputs.map(({ node, name, data }) => [node, inputs[name] ?? data!] as const))
    const total = (xs: TypedArray): number => [...xs].reduce((a, b) => a + b, 0)
    for (const fused of [true, false]) {
      const got = run(wasm({ fused }), program, inputs)
      // functions are right to two units in the last place, four times the rounding of a sum or a product
      const bound = 4 * 2 ** -24 * conditionOf(program.graph, program.outputs[3]!, feed) * (1 + Math.log2(longestSum(program.graph)))
      expect(Math.abs(total(got[3]!) - total(exact[3]!))).toBeLessThan(bound)
    }
  })

  test.each([realNVPStep(32, 256), schoolsStep(64)])("$name: memory within half of what is alive again", ({ program }) => {
    const { memory, units } = compile(program, { precision: "float32", relaxed: true })
    expect(memory.bytes).toBeLessThan(1.5 * memory.peak)
    expect(new Set(units.map((u) => u.kind)).size).toBeLessThan(units.length / 2)
    expect(explain(program)).toMatch(/product +256 × 32 × 32[a-z, :]* +8|product +64 × 32 × 125[a-z, :]* +4/)
  })
})

describe("noise", () => {
  test("is the same, whatever hides and however deep", () => {
    for (const depth of [0, 1, 2, 3, 4, 5]) {
      for (const shape of [[], [3], [2, 4], [9]]) {
        const { result: program } = trace(() => {
          const axes = numbers(depth, (d) => d).map((d) => newAxis(`axis ${d}`, 2 + (d % 2)))
          const noise = noiseStream("noise")
          const drawn = ([axis, ...rest]: typeof axes): tf.Tensor =>
            axis === undefined ? noise.uniform(shape) : under(axis, () => leave(drawn(rest), axis))
          return programOf([drawn(axes)])
        })
        for (const key of [Uint32Array.of(1, 2, 3), Uint32Array.of(0xffffffff, 0xfffffffe, 12345)]) {
          const [expected] = run(reference(), program, { key })
          for (const precision of ["float32", "float64"] as const)
            expect([...run(wasm({ precision }), program, { key })[0]!]).toEqual([...expected!])
        }
      }
    }
  })
})

describe("modules", () => {
  test("programs that differ in data and seed only share one", () => {
    const engine = wasm()
    const program = (scale: number) =>
      trace(() => programOf([tf.mul(asTensor([...numbers(5, (i) => i * scale)]), noiseStream("z").uniform([5]))])).result
    const key = Uint32Array.of(0, 1, 0)
    const one = run(engine, program(1), { key })[0]!
    const modules = vi.spyOn(WebAssembly, "Module")
    const three = run(engine, program(3), { key })[0]!
    expect(modules).not.toHaveBeenCalled()
    run(wasm(), program(3), { key })
    expect(modules).toHaveBeenCalled()
    modules.mockRestore()
    three.forEach((x, i) => expect(x).toBeCloseTo(3 * one[i]!, 5))
  })

  test("a fit to other data of the same shapes, by another seed, compiles nothing", async () => {
    const engine = wasm({ precision: "float64" })
    const fitted = (y: ReadonlyArray<number>, seed: number) =>
      Effect.runPromise(fit(eightSchools({ ...schools, y }), fullRank(), { steps: 3, engine, seed }))
    await fitted(schools.y, 1)
    const modules = vi.spyOn(WebAssembly, "Module")
    await fitted(schools.y.toReversed(), 2)
    expect(modules).not.toHaveBeenCalled()
    modules.mockRestore()
  })

  test("a missing or a wrong input is named", () => {
    const { program, inputs } = realNVPStep(4, 8)
    const failed = (given: Inputs) =>
      Effect.runSync(Effect.flip(Effect.scoped(Effect.flatMap(wasm().compile(program), (e) => e.run(given)))))
    expect(failed({}).message).toContain('input "parameters"')
    expect(failed({ ...inputs, rate: new Float64Array(2) }).message).toContain('input "rate" has 1 elements, but 2 were given')
  })
})

/** Threads: the numbers of one, to the last bit; no worker outlives what it works for. */
import { createRequire } from "node:module"
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { fit, type GraphProgram, type Inputs, type TypedArray, wasm, type WasmOptions } from "pushforward"
import { realNVP } from "pushforward/guides"
import { eightSchools, schools } from "../../models/eightSchools.ts"
import { ModuleBuilder } from "../../src/engine/wasm/assembler/module.ts"
import { compile } from "../../src/engine/wasm/compile.ts"
import { control, waitWhile } from "../../src/engine/wasm/threads/barrier.ts"
import { led } from "../../src/engine/wasm/threads/crew.ts"
import { meetings, stagesOf } from "../../src/engine/wasm/threads/schedule.ts"
import type { Unit } from "../../src/engine/wasm/unit.ts"
import { cuts, reachOf } from "../../src/engine/wasm/units/parts.ts"
import { stateInputs } from "../../src/inference/step.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { realNVPStep, schoolsStep } from "./steps.ts"

const workerThreads = createRequire(import.meta.url)("node:worker_threads") as typeof import("node:worker_threads")
const { Worker } = workerThreads
let started: Array<Promise<number>> = []

beforeEach(() => {
  started = []
  workerThreads.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args)
      started.push(new Promise((resolve) => this.once("exit", resolve)))
    }
  }
})
afterEach(() => void (workerThreads.Worker = Worker))

/** Each way is tried in turn in the first calls: so many see both. */
const calls = 6

const ran = (
  options: WasmOptions,
  program: GraphProgram,
  inputs: Inputs
): Effect.Effect<ReadonlyArray<ReadonlyArray<TypedArray>>, unknown> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { run } = yield* wasm(options).compile(program)
      return yield* Effect.forEach(Array.from({ length: calls }), () => run(inputs))
    })
  )

describe("two threads and three", () => {
  test.each([realNVPStep(32, 256), schoolsStep(64)])("take the steps of one: $name", async ({ program, inputs }) => {
    const count = 4
    const rows = {
      rate: new Float64Array(count).fill(1e-3),
      count: Float64Array.of(1, 2, 3, 4),
      key: Uint32Array.from({ length: 3 * count }, (_, i) => [0, 1, Math.floor(i / 3)][i % 3]!)
    }
    const steps = (options: WasmOptions) =>
      Effect.scoped(
        Effect.gen(function* () {
          const { run } = yield* wasm(options).iterate(program, stateInputs)
          let state = stateInputs.map((name) => inputs[name]!)
          const seen: Array<unknown> = []
          for (let call = 0; call < calls; call++) {
            const iterated = yield* run(state, rows, count)
            seen.push(iterated)
            state = [...iterated.state]
          }
          return seen
        })
      )
    for (const precision of ["float32", "float64"] as const) {
      const alone = await Effect.runPromise(steps({ precision }))
      for (const threads of [2, 3]) expect(await Effect.runPromise(steps({ precision, threads }))).toEqual(alone)
    }
  })

  test("give the numbers of one: products, sums and functions of many sizes and layouts", async () => {
    const size = fc.integer({ min: 60, max: 200 })
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.boolean(), fc.boolean(), async (m, k, n, transposeA, transposeB) => {
        const { result: program } = trace(() => {
          const a = placeholder("a", transposeA ? [k, m] : [m, k])
          const b = placeholder("b", transposeB ? [n, k] : [k, n])
          const product = tf.matMul(tf.tanh(a), b, transposeA, transposeB)
          const rows = tf.softmax(product)
          const columns = tf.sum(tf.mul(rows, tf.reverse(product, 0)), 0)
          return programOf([product, rows, columns, tf.sum(tf.square(product), 1), tf.transpose(rows), tf.sum(columns)])
        })
        const inputs = {
          a: Float64Array.from({ length: m * k }, (_, i) => Math.sin(i)),
          b: Float64Array.from({ length: k * n }, (_, i) => Math.cos(i * i))
        }
        const [alone] = await Effect.runPromise(ran({}, program, inputs))
        for (const got of await Effect.runPromise(ran({ threads: 2 }, program, inputs))) expect(got).toEqual(alone)
      }),
      { seed: 5, numRuns: 12 }
    )
  })

  test("end with the fit, and when it is interrupted", async () => {
    const engine = wasm({ threads: 3 })
    const posed = eightSchools(schools)
    await Effect.runPromise(fit(posed, realNVP({ couplings: 2 }), { engine, steps: 3 }))
    expect(started.length).toBeGreaterThan(1)
    await Promise.all(started)
    const before = started.length
    const fiber = Effect.runFork(fit(posed, realNVP({ couplings: 2 }), { engine, steps: 1_000_000 }))
    while (started.length === before) await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await Effect.runPromise(Fiber.interrupt(fiber))
    await Promise.all(started)
  })

  test("are not started where nothing is worth dividing, and dismissed where they are slower", async () => {
    const runs = (program: GraphProgram, x: TypedArray, times: number) =>
      Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            const { run } = yield* wasm({ threads: 16 }).compile(program)
            for (let i = 0; i < times; i++) yield* run({ x })
            yield* Effect.promise(() => Promise.all(started))
          })
        )
      )
    await runs(trace(() => programOf([tf.add(placeholder("x", [3]), 1)])).result, Float64Array.of(1, 2, 3), 1)
    expect(started).toEqual([])
    // sixteen threads, each time, for a few microseconds of work
    await runs(trace(() => programOf([tf.exp(placeholder("x", [3000]))])).result, new Float64Array(3000), 25)
    expect(started.length).toBe(15)
  })

  const spread = trace(() => programOf([tf.exp(placeholder("x", [30_000]))])).result

  test("start in a process whose scripts are modules", async () => {
    workerThreads.Worker = class extends Worker {
      constructor(script: string | URL, options: ConstructorParameters<typeof Worker>[1]) {
        super(script, { ...options, execArgv: ["--input-type=module"] })
      }
    }
    const x = new Float64Array(30_000)
    for (const [values] of await Effect.runPromise(ran({ threads: 2 }, spread, { x }))) expect(values!.every((v) => v === 1)).toBe(true)
  })

  test("that may not start are an error", async () => {
    workerThreads.Worker = class {
      constructor() {
        throw new Error("Not permitted.")
      }
    } as unknown as typeof Worker
    const error = await Effect.runPromise(Effect.flip(Effect.scoped(wasm({ threads: 2 }).compile(spread))))
    expect(error.message).toBe('engine "wasm", start threads: Not permitted.')
  })

  test("are a number above 0", () => {
    for (const threads of [0, -1, 1.5, NaN]) expect(() => wasm({ threads })).toThrow(/wasm.threads: expected a whole number above 0/)
  })
})

describe("who waits for whom", () => {
  const at = (value: number, from: number, to: number) => ({ value, offset: from, range: [from, to] as const })
  const unit = (reads: Unit["reads"], writes: Unit["writes"], more: Partial<Unit> = {}): Unit => ({
    name: "unit",
    label: "",
    flops: 0,
    reads,
    writes,
    workspace: 0,
    key: "",
    write: () => {},
    ...more
  })
  const meetingsOf = (stages: ReadonlyArray<ReadonlyArray<Unit>>) =>
    meetings(
      stages,
      2,
      ({ value, range }) => [100 * value + range![0], 100 * value + range![1]],
      () => []
    )

  test("threads meet before one reads what the other wrote, writes what it read, or writes what it wrote", () => {
    const halves = (from: number, to: number) => [unit([at(from, 0, 50)], [at(to, 0, 50)]), unit([at(from, 50, 100)], [at(to, 50, 100)])]
    // each thread goes on with its own half
    expect(meetingsOf([halves(0, 1), halves(1, 2), halves(2, 0)])).toEqual([false, false, false])
    const all = unit([at(1, 0, 100)], [at(3, 0, 100)])
    expect(meetingsOf([halves(0, 1), [all], [all]])).toEqual([false, true, false])
    expect(meetingsOf([halves(0, 1), [unit([], [at(0, 60, 70)])]])).toEqual([false, true])
    expect(meetingsOf([halves(0, 1), [unit([], [at(1, 40, 50)])]])).toEqual([false, false])
    expect(meetingsOf([halves(0, 1), [unit([], [at(1, 49, 51)])]])).toEqual([false, true])
  })

  test("who is left alone does not wait for ever", () => {
    const m = new ModuleBuilder(false)
    m.export(
      "wait",
      m.function([], [], (f) => waitWhile(f, control.generation, f.local("i32"), control.asleep, 1))
    )
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    const module = new WebAssembly.Module(m.build({ pages: 1, maximum: 1 }))
    const wait = new WebAssembly.Instance(module, { host: { memory } }).exports["wait"] as () => void
    const run = led(memory, () => {
      wait()
      return 1
    })
    expect(() => run(1, 0, 0, 0)).toThrow(/a thread has not answered/)
    Atomics.store(new Int32Array(memory.buffer), control.generation / 4, 1)
    expect(run(1, 0, 0, 0)).toBe(1)
  })

  test("cuts cover all rows once, in whole tiles", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 16 }),
        (size, parts, tile) => {
          const made = cuts(size, parts, tile)
          expect(made[0]![0]).toBe(0)
          expect(made.at(-1)![1]).toBe(size)
          made.slice(1).forEach(([from], k) => expect([from, from % tile === 0 || from === size]).toEqual([made[k]![1], true]))
        }
      ),
      { seed: 2, numRuns: 200 }
    )
  })

  test("the reach of strides is that of the bytes that they touch", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: -40, max: 40 })), { maxLength: 3 }),
        fc.constantFrom(4, 8),
        (dimensions, bytes) => {
          const offsets = dimensions.reduce(
            (all, [size, stride]) => all.flatMap((o) => Array.from({ length: size }, (_, i) => o + i * stride)),
            [0]
          )
          expect(
            reachOf(
              dimensions.map(([size]) => size),
              dimensions.map(([, stride]) => stride),
              bytes
            )
          ).toEqual([Math.min(...offsets), Math.max(...offsets) + bytes])
        }
      ),
      { seed: 3, numRuns: 300 }
    )
  })

  test("most of a large step is divided, and its parts have its work", () => {
    const { program } = realNVPStep(32, 256)
    const options = { precision: "float32", relaxed: true } as const
    expect(compile(program, { ...options, threads: 2 }).units).toEqual(compile(program, options).units)
    const whole = unit([], [], { flops: 8, split: () => [unit([], [], { flops: 4 }), unit([], [], { flops: 4 })] })
    expect(stagesOf([whole, unit([], [])], 2).map((s) => s.length)).toEqual([2, 1])
    expect(stagesOf([whole], 1)).toEqual([[whole]])
  })
})

/** Runs in a row: the state stays with the engine, and ends where a run is not finite. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Engine, GraphProgram, Inputs, Iterated, TypedArray } from "pushforward"
import { reference, wasm } from "pushforward"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { placeholder, programOf, trace } from "../../src/trace/trace.ts"

const iterated = (engine: Engine, program: GraphProgram, state: ReadonlyArray<TypedArray>, rows: Inputs, count: number): Iterated =>
  Effect.runSync(Effect.scoped(Effect.flatMap(engine.iterate(program, ["x", "y"]), ({ run }) => run(state, rows, count))))

/** A walk of two vectors with noise and data, which is NaN from where `edge` is negative. */
const walk = (size: number): GraphProgram =>
  trace(() => {
    const [x, y] = [placeholder("x", [size]), placeholder("y", [2])]
    const edge = placeholder("edge", [])
    const pair = placeholder("pair", [2, 3])
    const data = tf.tensor(Array.from({ length: size }, (_, i) => Math.sin(i)))
    const next = tf.add(tf.mul(x, 0.5), tf.mul(data, noiseStream("step").uniform([size])))
    const carried = tf.add(tf.mul(y, -0.25), tf.mul(tf.sum(next), tf.sqrt(edge)))
    return programOf([next, carried, tf.sum(tf.square(next)), tf.sum(pair, 1), tf.greater(pair, 0)])
  }).result

const rowsFor = (count: number, edgeAt: number): Inputs => ({
  edge: Float64Array.from({ length: count }, (_, k) => (k === edgeAt ? -1 : 1 + (k % 3))),
  pair: Float64Array.from({ length: 6 * count }, (_, k) => Math.cos(k)),
  key: Uint32Array.from({ length: 3 * count }, (_, k) => (k % 3 === 2 ? Math.floor(k / 3) : 7))
})

const start = (size: number): ReadonlyArray<TypedArray> => [
  Float64Array.from({ length: size }, (_, i) => i / size),
  Float64Array.of(0.5, -2)
]

const close = (got: ReadonlyArray<TypedArray>, expected: ReadonlyArray<TypedArray>): void => {
  expect(got.length).toBe(expected.length)
  got.forEach((values, i) => {
    expect(values.length).toBe(expected[i]!.length)
    values.forEach((v, j) => {
      const e = expected[i]![j]!
      if (Number.isNaN(e)) expect(v).toBeNaN()
      else expect(Math.abs(v - e)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(e)))
    })
  })
}

describe("runs in a row", () => {
  test("are those of the reference engine, one at a time, to the first that is not finite", () => {
    const engine = wasm({ precision: "float64" })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 250, max: 600 })),
        fc.double({ min: 0, max: 1.5, noNaN: true }),
        (size, count, where) => {
          const [program, rows] = [walk(size), rowsFor(count, Math.floor(where * count))]
          const [got, expected] = [engine, reference()].map((e) => iterated(e, program, start(size), rows, count)) as [Iterated, Iterated]
          expect(got.taken).toBe(expected.taken)
          expect(expected.taken).toBe(Math.min(count, Math.floor(where * count)))
          close(got.state, expected.state)
          close(got.before, expected.before)
          close(got.rows, expected.rows)
        }
      ),
      { seed: 1, numRuns: 60 }
    )
  })

  test("go on from where they are, and begin anew from what is given", () => {
    const program = walk(5)
    const rows = rowsFor(9, 100)
    const part = (from: number, to: number): Inputs => ({
      edge: rows["edge"]!.subarray(from, to),
      pair: rows["pair"]!.subarray(6 * from, 6 * to),
      key: rows["key"]!.subarray(3 * from, 3 * to)
    })
    Effect.runSync(
      Effect.scoped(
        Effect.gen(function* () {
          const { run } = yield* wasm().iterate(program, ["x", "y"])
          const whole = yield* run(start(5), rows, 9)
          const half = yield* run(start(5), part(0, 4), 4)
          const rest = yield* run(half.state, part(4, 9), 5)
          expect([rest.state, rest.before]).toEqual([whole.state, whole.before])
          expect(yield* run(start(5), rows, 9)).toEqual(whole)
        })
      )
    )
  })

  test.each([wasm(), reference()])("name what does not fit: $name", (engine) => {
    const program = walk(3)
    const failed = (given: ReadonlyArray<TypedArray>, rows: Inputs, count = 2, carried = ["x", "y"]) =>
      Effect.runSync(Effect.flip(Effect.scoped(Effect.flatMap(engine.iterate(program, carried), ({ run }) => run(given, rows, count)))))
        .message
    const [given, rows] = [start(3), rowsFor(2, 9)]
    expect(failed([new Float64Array(4), new Float64Array(2)], rows)).toContain('input "x" has 3 elements, but 4 were given')
    expect(failed(given.slice(0, 1), rows)).toContain('no value was given for input "y"')
    expect(failed([...given, new Float64Array(1)], rows)).toContain("the state has 2 values, but 3 were given")
    for (const length of [1, 3])
      expect(failed(given, { ...rows, edge: new Float64Array(length) })).toContain(`input "edge" has 2 elements, but ${length} were given`)
    expect(failed(given, { edge: new Float64Array(2) })).toContain('no value was given for input "pair"')
    for (const count of [0, -1, 1.5, NaN])
      expect(failed(given, rows, count)).toContain(`the number of runs is ${count}, not a whole number above 0`)
    expect(failed(given, rows, 2, ["y", "x"])).toContain(
      'the next value of input "y" is f32 of shape [3], but the input is f32 of shape [2]'
    )
    // the module that is found again does not know of "z"
    iterated(engine, program, given, rows, 2)
    expect(failed(given, rows, 2, ["x", "y", "z"])).toContain('no input is named "z"')
  })

  test("of more memory than a module has are refused", () => {
    const program = trace(() => {
      const wide = tf.mul(placeholder("x", [40_000, 1]), tf.ones([1, 40_000]))
      return programOf([tf.sum(tf.matMul(tf.exp(wide), tf.sin(wide)))])
    }).result
    const error = Effect.runSync(Effect.flip(Effect.scoped(wasm().compile(program))))
    expect(error.message).toMatch(/the program needs \d+\.\d GiB of memory, and a module has 4 at most\. Take the rows of a large plate/)
  })

  test("allocate nothing", () => {
    const heap = (): number => process.memoryUsage().heapUsed
    Effect.runSync(
      Effect.scoped(
        Effect.gen(function* () {
          const { run } = yield* wasm().iterate(walk(2000), ["x", "y"])
          const count = 256
          const [given, rows] = [start(2000), rowsFor(count, -1)]
          yield* run(given, rows, count)
          const before = heap()
          for (let i = 0; i < 40; i++) yield* run(given, rows, count)
          // what a call makes, over its runs
          expect((heap() - before) / (40 * count)).toBeLessThan(64)
        })
      )
    )
  })
})

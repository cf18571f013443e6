/** Matrix products: those of a whole step, and such products alone. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type GraphProgram, wasm } from "pushforward"
import { liveNodes } from "../src/graph/live.ts"
import { range, sizeOf } from "../src/graph/shape.ts"
import { normals } from "../src/random/draws.ts"
import { keyOf } from "../src/random/key.ts"
import { placeholder, programOf, trace } from "../src/trace/trace.ts"
import { openBlas } from "./peers.ts"
import type { Running, Sample } from "./system.ts"
import type { Rounds, Timing } from "./timing.ts"
import { entrantOf, inTurn, timingsOf } from "./timing.ts"

/** GFLOP/s a thread of a hand-written kernel with relaxed fused multiply-add, on the machine of the published figures. */
export const limit = 35

/** GFLOP of a program's matrix products. */
export const productsOf = ({ graph: { nodes }, outputs }: GraphProgram): number =>
  [...liveNodes({ nodes }, outputs)].reduce((sum, id) => {
    const { op, inputs, attributes, shape } = nodes[id]!
    if (op !== "dot") return sum
    const inner = nodes[inputs[0]!]!.shape.at(attributes["transposeA"] === true ? -2 : -1)!
    return sum + 2e-9 * sizeOf(shape) * inner
  }, 0)

const rounds = 16

/** Products as in training a layer, [rows, width] by [width, width]: forward, and the reverse ones by value and by weight. */
const layers = (rows: number, width: number): GraphProgram =>
  trace(() => {
    const rowsAt = (name: string): tf.Tensor2D => placeholder(name, [rows, width]) as tf.Tensor2D
    const weights = range(rounds).map((i) => placeholder(`weight ${i}`, [width, width]) as tf.Tensor2D)
    const values = weights.reduce<ReadonlyArray<tf.Tensor2D>>((hs, w) => [...hs, tf.matMul(hs.at(-1)!, w)], [rowsAt("value")])
    const cotangents = weights.reduce<ReadonlyArray<tf.Tensor2D>>(
      (gs, w) => [...gs, tf.matMul(gs.at(-1)!, w, false, true)],
      [rowsAt("cotangent")]
    )
    return programOf([tf.addN(weights.map((_, i) => tf.matMul(values[i]!, cotangents[i + 1]!, true, false)))])
  }).result

const own = (threads: number, program: GraphProgram, width: number): Effect.Effect<Running, Error, Scope.Scope> =>
  Effect.gen(function* () {
    const { run } = yield* wasm({ threads }).compile(program)
    const inputs = Object.fromEntries(
      program.inputs.map(({ name, node }, i) => {
        const size = sizeOf(program.graph.nodes[node]!.shape)
        return [name, normals(keyOf(i), size).map((z) => z / Math.sqrt(width))]
      })
    )
    for (let i = 0; i < 25; i++) yield* run(inputs)
    const sample = (seconds: number): Effect.Effect<Sample, Error> =>
      Effect.gen(function* () {
        const times: Array<number> = []
        const end = performance.now() + 1000 * seconds
        while (times.length === 0 || performance.now() < end) {
          const before = performance.now()
          yield* run(inputs)
          times.push(performance.now() - before)
        }
        return { times, objectives: [] }
      })
    return { sample }
  })

const blas = (threads: number, rows: number, width: number): Effect.Effect<Running, Error, Scope.Scope> =>
  Effect.gen(function* () {
    const ask = yield* openBlas(threads)
    yield* ask({ case: { rows, width, layers: rounds } })
    return { sample: (seconds) => Effect.map(ask({ seconds }), (sample) => sample as Sample) }
  })

export interface Products {
  /** GFLOP of one run. */
  readonly work: number
  readonly timings: ReadonlyArray<Timing>
}

/** Products alone, of the compiled engine and of OpenBLAS where it is there, on one thread and two. */
export const productTimings = (rows: number, width: number, turns: Rounds): Effect.Effect<Products, Error> =>
  Effect.scoped(
    Effect.gen(function* () {
      const program = layers(rows, width)
      const entrants = yield* Effect.forEach([1, 2], (threads) =>
        Effect.gen(function* () {
          const ours = entrantOf("pushforward", threads, yield* own(threads, program, width))
          const theirs = yield* Effect.option(blas(threads, rows, width))
          return [ours, ...Option.toArray(Option.map(theirs, (running) => entrantOf("openblas", threads, running)))]
        })
      )
      yield* inTurn(entrants.flat(), turns)
      return { work: productsOf(program), timings: timingsOf(`products of ${rows} × ${width}`, entrants.flat()) }
    })
  )

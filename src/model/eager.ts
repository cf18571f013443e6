/** Sites answered at once, on the tfjs backend in use: for programs that run as Effects. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { keyOf } from "../random/key.ts"
import type { Noise } from "../trace/noiseStream.ts"
import { noiseUniforms } from "../random/uniforms.ts"
import { sizeOf } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import { normalQuantile } from "../special/index.ts"
import { checkData, checkShape } from "./check.ts"
import { paramAnswer, type RunOptions } from "./compute.ts"
import { attempt } from "./evaluate.ts"
import { type Interpreter, layerInterpreter, type PlateRow } from "./interpreter.ts"
import type { LeafRequest } from "./request.ts"
import type { Asked } from "./types.ts"
import { bodyValue, toTensor } from "./value.ts"

/** The noise that a traced run of the same seed draws, row by row. */
const noiseByRow = (seed: number): ((name: string, rows: ReadonlyArray<PlateRow>, visit: number) => Noise) => {
  const { hi, lo } = keyOf(seed)
  const known = new Map<string, Float64Array>()
  const overRows = (stream: string, rows: ReadonlyArray<PlateRow>, visit: number, shape: Shape): Float64Array => {
    const sizes = rows.map(({ size }) => size)
    const id = `${stream} ${visit} ${sizes.join()} ${shape.join()}`
    const drawn = known.get(id) ?? new Float64Array(sizeOf([...sizes, ...shape]))
    if (!known.has(id))
      noiseUniforms(
        stream,
        rows.map(({ plate }) => plate),
        [...sizes, ...shape],
        shape.length
      )(Uint32Array.of(hi, lo, visit), drawn)
    if (rows.length > 0) known.set(id, drawn)
    return drawn
  }
  return (name, rows, visit) => {
    let calls = 0
    const row = rows.reduce((at, { index, size }) => at * size + index, 0)
    const uniforms = (shape: Shape) =>
      overRows(`${name}#${calls++}`, rows, visit, shape).subarray(row * sizeOf(shape), (row + 1) * sizeOf(shape))
    const tensor = (values: Float64Array, shape: Shape) => tf.tensor(Float32Array.from(values), [...shape])
    return {
      uniform: (shape) => tensor(uniforms(shape), shape),
      normal: (shape) => tensor(uniforms(shape).map(normalQuantile), shape)
    }
  }
}

const place = (name: string, rows: ReadonlyArray<PlateRow>): string =>
  [name, ...rows.map(({ plate, index }) => `${plate} ${index}`)].join("/")

/**
 * An interpreter that draws from the prior, deterministically in the seed. A site that is met again, in a second run, is drawn anew.
 */
export const eagerPrior = (options: RunOptions = {}): Interpreter["Service"] => {
  const visits = new Map<string, number>()
  const noise = noiseByRow(options.seed ?? 0)
  const param = paramAnswer(options)
  const answer = (site: LeafRequest, rows: ReadonlyArray<PlateRow>): unknown => {
    switch (site.kind) {
      case "factor":
        return undefined
      case "param":
        return site.learnable.build(param(site.name, site.learnable))
      case "deterministic":
        return toTensor(site.given.value)
      default: {
        const { distribution, given, name, kind, masks } = site
        const here = place(name, rows)
        const visit = visits.get(here) ?? 0
        visits.set(here, visit + 1)
        const value = given === undefined ? distribution.sample(noise(name, rows, visit)) : toTensor(given.value)
        checkShape(distribution, value)
        if (kind === "observe" && given !== undefined)
          checkData(distribution, value.dataSync(), [], () => masks.every((mask) => toTensor(mask).dataSync()[0] !== 0))
        return bodyValue(distribution, value)
      }
    }
  }
  return { answer: (site, rows) => attempt(site.name, () => answer(site, rows)) }
}

/**
 * A Layer that answers all sites by draws from the prior, as tfjs tensors: for models that run beside other effects. Observations with a
 * value keep it.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { layerPrior, model, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const coin = model(function* (location: number) {
 *   return yield* sample("x", Normal(location, 1))
 * })
 * const program = Effect.gen(function* () {
 *   const location = yield* Effect.succeed(3)
 *   return yield* coin(location)
 * })
 * await Effect.runPromise(Effect.provide(program, layerPrior({ seed: 1 })))
 * ```
 */
export const layerPrior = (options: RunOptions = {}): Layer.Layer<Interpreter | Asked> =>
  layerInterpreter(Effect.sync(() => eagerPrior(options)))

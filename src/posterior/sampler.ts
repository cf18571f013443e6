/** Draws of a fitted guide, with the log densities of guide and model at each: in float64, whatever the engine. */
import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { Engine } from "../engine/engine.ts"
import type { EngineError } from "../errors.ts"
import { liveNodes } from "../graph/live.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray, Program, Shape, TypedArray } from "../graph/types.ts"
import type { Start } from "../guide/guide.ts"
import { inBlocks } from "../inference/blocks.ts"
import type { Approximation } from "../inference/approximation.ts"
import { asTrained, cut } from "../inference/step.ts"
import type { Params } from "../learnable/learnable.ts"
import { flatten, sizeOfTree } from "../learnable/tree.ts"
import type { ModelError } from "../model/compute.ts"
import { attemptTrace } from "../model/compute.ts"
import type { Run } from "../model/run.ts"
import { outside } from "../model/run.ts"
import type { Key } from "../random/key.ts"
import { leave, newAxis, under } from "../trace/axes.ts"
import { placeholder, programOf, trace } from "../trace/trace.ts"

export interface Sampled {
  /** Latents and what is computed from them, each [draws, ...rows, ...event]. */
  readonly values: Readonly<Record<string, NDArray>>
  readonly logJoint: Float64Array
  readonly logGuide: Float64Array
}

/** A guide with the parameters that a fit has reached. */
export interface Fitted {
  readonly approximation: Approximation
  readonly params: { readonly guide: Params; readonly model: { readonly [name: string]: Params } }
  readonly engine: Engine
  /** Of the amortised guide: what it has made of the data. */
  readonly context?: NDArray
  /** What the user should know before trusting it. */
  readonly warnings?: ReadonlyArray<string>
  /** Steps that were not finite, and so not applied. */
  readonly rejected?: number
  /** Gaussians at the modes that the search for a start found, in unconstrained coordinates. */
  readonly modes?: ReadonlyArray<Start>
}

/** Numbers that one run may hold at a time. */
const budget = 2e7
const largestBlock = 1000

/** In float64: importance weights are differences of large numbers, and what is computed from parameters decides them. */
export const parametersIn = (params: Params): ReturnType<typeof asTrained> =>
  asTrained(cut(placeholder("parameters", [sizeOfTree(params)], "f64"), params).tree)

export const contextIn = (context: NDArray | undefined): { readonly context?: tf.Tensor } =>
  context === undefined ? {} : { context: placeholder("context", context.shape) }

export const inputsOf = (
  { params, context }: Pick<Fitted, "params" | "context">,
  key: Key,
  step: number
): Readonly<Record<string, TypedArray>> => ({
  parameters: flatten(params),
  key: Uint32Array.of(key.hi, key.lo, step),
  ...(context === undefined ? {} : { context: context.data })
})

/** Sites whose values are draws: what is sampled, and what is computed from it. */
const drawnSites = (run: Run<unknown>): ReadonlyArray<readonly [string, tf.Tensor]> =>
  [...run.sites.values()].flatMap((v) =>
    !v.hidden && !v.observed && (v.kind === "sample" || v.kind === "deterministic") ? [[v.name, outside(v)!] as const] : []
  )

interface Block {
  readonly program: Program
  readonly sites: ReadonlyArray<{ readonly name: string; readonly shape: Shape }>
}

const blockOf = ({ approximation, params, context }: Fitted, draws: number, dense = true): Block =>
  trace(() => {
    const { guide, model } = parametersIn(params)
    const given = contextIn(context)
    const axis = newAxis("draw", draws)
    return under(axis, () => {
      const { run, logJoint, logGuide } = approximation.draw(guide, model, { path: false, ...given })
      const sites = drawnSites(run)
      return {
        program: programOf([...(dense ? [logJoint, logGuide] : []), ...sites.map(([, t]) => t)].map((t) => leave(t, axis))),
        sites: sites.map(([name, t]) => ({ name, shape: t.shape }))
      }
    })
  }).result

const numbersIn = ({ program }: Block): number =>
  [...liveNodes(program.graph, program.outputs)].reduce((n, id) => n + sizeOf(program.graph.nodes[id]!.shape), 0)

/** How many numbers one more draw computes. */
export const numbersPerDraw = (fitted: Fitted): Effect.Effect<number, ModelError> =>
  attemptTrace(() => Math.max(1, numbersIn(blockOf(fitted, 3)) - numbersIn(blockOf(fitted, 2))))

interface Drawn {
  /** Of all draws, where they are wanted: log joint densities, and the guide's. */
  readonly densities: ReadonlyArray<Float64Array>
  readonly values: Sampled["values"]
}

const drawn = (fitted: Fitted, draws: number, key: Key, dense: boolean): Effect.Effect<Drawn, ModelError | EngineError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const size = Math.max(1, Math.min(draws, largestBlock, Math.floor(budget / (yield* numbersPerDraw(fitted)))))
      const { program, sites } = yield* attemptTrace(() => blockOf(fitted, size, dense))
      const executable = yield* fitted.engine.compile(program)
      const scalars = dense ? [1, 1] : []
      const all = yield* inBlocks(draws, size, [...scalars, ...sites.map(({ shape }) => sizeOf(shape))], (block) =>
        executable.run(inputsOf(fitted, key, block))
      )
      const values = all.slice(scalars.length)
      return {
        densities: all.slice(0, scalars.length),
        values: Object.fromEntries(sites.map(({ name, shape }, i) => [name, { shape: [draws, ...shape], data: values[i]! }] as const))
      }
    })
  )

/** The first draws do not depend on how many there are. */
export const sampleGuide = (fitted: Fitted, draws: number, key: Key): Effect.Effect<Sampled, ModelError | EngineError> =>
  Effect.map(drawn(fitted, draws, key, true), ({ densities: [logJoint, logGuide], values }) => ({
    logJoint: logJoint!,
    logGuide: logGuide!,
    values
  }))

/** The same draws without their densities. */
export const drawGuide = (fitted: Fitted, draws: number, key: Key): Effect.Effect<Sampled["values"], ModelError | EngineError> =>
  Effect.map(drawn(fitted, draws, key, false), ({ values }) => values)

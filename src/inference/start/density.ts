/** A model's log density in unconstrained coordinates with its gradient, at many points at once: what starting points are found with. */
import * as tf from "@tensorflow/tfjs-core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine } from "../../engine/engine.ts"
import { wasm } from "../../engine/wasm/wasm.ts"
import type { EngineError } from "../../errors.ts"
import type { TypedArray } from "../../graph/types.ts"
import type { Params } from "../../learnable/learnable.ts"
import { flatten, sizeOfTree } from "../../learnable/tree.ts"
import type { ModelError } from "../../model/compute.ts"
import { attemptTrace } from "../../model/compute.ts"
import { enter, leave, newAxis, sumOver, under } from "../../trace/axes.ts"
import { gradient, placeholder, programOf, trace } from "../../trace/trace.ts"
import type { Blame } from "../blame.ts"
import { whereNonFinite } from "../blame.ts"
import { cut } from "../step.ts"
import type { ModelParams, Target } from "../target.ts"
import { runAt } from "../target.ts"

export interface Evaluation {
  readonly value: number
  readonly gradient: Float64Array
}

export interface Density {
  readonly dimension: number
  /** The site that a coordinate belongs to. */
  readonly siteOf: (coordinate: number) => string
  readonly at: (points: ReadonlyArray<Float64Array>) => Effect.Effect<ReadonlyArray<Evaluation>, EngineError>
  /** Where in the model value or gradient is not finite at a point. */
  readonly blame: (point: Float64Array) => Blame
}

/** Points evaluated in one run. */
export const batch = 32

/**
 * What densities are computed on, whatever engine the fit is on: in float64, as curvatures are differences of gradients, and without fused
 * products, so that a start depends on its seed and not on the machine. One for all, so that what it has compiled is found again.
 */
const StartEngine = Context.Reference<Engine>("pushforward/StartEngine", {
  defaultValue: () => wasm({ precision: "float64", fused: false })
})

export const densityOf = (
  target: Target,
  model: { readonly [name: string]: Params },
  key: Uint32Array
): Effect.Effect<Density, ModelError | EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const d = target.dimension
    const program = yield* attemptTrace(
      () =>
        trace(() => {
          const points = placeholder("points", [batch, d])
          const params = cut(placeholder("parameters", [sizeOfTree(model)]), model).tree as ModelParams
          const axis = newAxis("point", batch)
          const [values, total] = under(axis, () => {
            const { logJoint, logDet } = runAt(target, enter(points, axis), params)
            const value = tf.add(logJoint, logDet)
            return [leave(value, axis), sumOver(value, axis)] as const
          })
          return programOf([values, ...gradient(total, [points])])
        }).result
    )
    const executable = yield* (yield* StartEngine).compile(program)
    const parameters = flatten(model)
    const inputsOf = (points: ReadonlyArray<Float64Array>): Readonly<Record<string, TypedArray>> => {
      const block = new Float64Array(batch * d)
      for (let i = 0; i < batch; i++) block.set(points[Math.min(i, points.length - 1)]!, i * d)
      return { points: block, parameters, key }
    }
    const evaluate = (points: ReadonlyArray<Float64Array>): Effect.Effect<ReadonlyArray<Evaluation>, EngineError> =>
      Effect.map(executable.run(inputsOf(points)), ([values, gradients]) =>
        points.map((_, i) => ({ value: values![i]!, gradient: Float64Array.from(gradients!.subarray(i * d, (i + 1) * d)) }))
      )
    return {
      dimension: d,
      siteOf: (coordinate) => target.latents.find(({ offset, size }) => coordinate < offset + size)!.name,
      at: (points) =>
        Effect.map(
          Effect.forEach(
            Array.from({ length: Math.ceil(points.length / batch) }, (_, b) => points.slice(b * batch, (b + 1) * batch)),
            evaluate
          ),
          (blocks) => blocks.flat()
        ),
      blame: (point) => whereNonFinite(program, inputsOf([point]))
    }
  })

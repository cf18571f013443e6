/**
 * A mode that a guide has missed. Importance weights of the guide's own draws cannot tell of it, since none falls there; but the search for a
 * start may have been there. Around each mode that it found, draws of a Gaussian with the mode's curvature say how much of the posterior's
 * mass lies there, and how much of the guide's.
 */
import * as Effect from "effect/Effect"
import type { EngineError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { Start } from "../guide/guide.ts"
import { logMeanExp } from "../inference/importance.ts"
import { antithetic, drawsOf } from "../inference/start/start.ts"
import { runAt } from "../inference/target.ts"
import { dot } from "../inference/vector.ts"
import { attemptTrace, type ModelError } from "../model/compute.ts"
import { outside } from "../model/run.ts"
import { fold, keyOf } from "../random/key.ts"
import { exp, log } from "../special/index.ts"
import { enter, leave, newAxis, under } from "../trace/axes.ts"
import { placeholder, programOf, trace } from "../trace/trace.ts"
import { type Fitted, inputsOf, parametersIn } from "./sampler.ts"

export interface MissedMode {
  /** The latents at the mode. */
  readonly at: Readonly<Record<string, NDArray>>
  /** The part of the posterior's mass that lies about it, as estimated. */
  readonly share: number
}

/** Of each mode. */
const draws = 64
/** A part of the posterior that is no smaller counts, */
const least = 0.02
/** and is missed where the guide has less than this of it: with more, its draws would tell. */
const kept = 0.01

/** log of the mean ratio; −∞ where there is no mass at all. */
const logMean = (logRatios: Float64Array): number => {
  const known = logRatios.map((ratio) => (ratio < Infinity ? ratio : -Infinity))
  return known.some((ratio) => ratio > -Infinity) ? logMeanExp(known).value : -Infinity
}

/** A mode and draws about it, as rows, with the log density of each draw. */
const around = (mode: Start) => {
  const { shift, scaleTril } = mode
  const d = shift.length
  const noise = antithetic(fold(keyOf(0), "about a mode"), draws, d)
  const logVolume = shift.reduce((sum, _, i) => sum + log(scaleTril[i * (d + 1)]!), (d / 2) * log(2 * Math.PI))
  return {
    points: [shift, ...drawsOf(mode, noise)],
    logDensities: noise.map((z) => -0.5 * dot(z, z) - logVolume)
  }
}

/** The largest of the posterior's modes that the guide has missed, if any; its log evidence as the guide's draws have it. */
export const missedMode = (fitted: Fitted, logEvidence: number): Effect.Effect<MissedMode | undefined, ModelError | EngineError> => {
  const { approximation, engine, modes = [] } = fitted
  // one alone is where the guide started
  if (modes.length < 2 || !Number.isFinite(logEvidence)) return Effect.succeed(undefined)
  const { target } = approximation
  return Effect.scoped(
    Effect.gen(function* () {
      const { program, shapes } = yield* attemptTrace(
        () =>
          trace(() => {
            const { guide, model } = parametersIn(fitted.params)
            const points = placeholder("points", [draws + 1, target.dimension])
            const axis = newAxis("point", draws + 1)
            return under(axis, () => {
              const { sites } = runAt(target, enter(points, axis), model)
              const values = Object.fromEntries(target.latents.map(({ name }) => [name, outside(sites.get(name)!)!]))
              const { logJoint, logGuide } = approximation.at(values, guide, model, {})
              const outputs = [logJoint, logGuide, ...Object.values(values)].map((t) => leave(t, axis))
              return { program: programOf(outputs), shapes: Object.entries(values).map(([name, { shape }]) => ({ name, shape })) }
            })
          }).result
      )
      const executable = yield* engine.compile(program)
      const missed = yield* Effect.forEach(modes, (mode) => {
        const { points, logDensities } = around(mode)
        const inputs = { ...inputsOf(fitted, keyOf(0), 0), points: Float64Array.from(points.flatMap((point) => Array.from(point))) }
        return Effect.map(executable.run(inputs), ([logJoint, logGuide, ...values]): MissedMode | undefined => {
          const ratios = (log: ArrayLike<number>): Float64Array => Float64Array.from(logDensities, (density, i) => log[i + 1]! - density)
          const posterior = logMean(ratios(logJoint!)) - logEvidence
          const share = 1 / (1 + exp(-posterior))
          if (!(share >= least) || logMean(ratios(logGuide!)) > posterior + log(kept)) return undefined
          const at = shapes.map(({ name, shape }, k) => [name, { shape, data: values[k]!.slice(0, sizeOf(shape)) }] as const)
          return { at: Object.fromEntries(at), share }
        })
      })
      return missed.reduce<MissedMode | undefined>((most, one) => (one && !(most && most.share >= one.share) ? one : most), undefined)
    })
  )
}

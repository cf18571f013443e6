/**
 * Where an automatic guide starts: a Gaussian with the mode and curvature of the posterior. L-BFGS climbs from several points. Where it
 * does not end in a mode, as in a funnel, whose density grows without bound towards its neck, the Gaussian is found by the ELBO instead.
 * Of all candidates the one with the best ELBO is taken (as in Zhang et al. 2022, "Pathfinder").
 */
import * as Effect from "effect/Effect"
import type { EngineError } from "../../errors.ts"
import type { Start } from "../../guide/guide.ts"
import { normals, uniforms } from "../../random/draws.ts"
import type { Key } from "../../random/key.ts"
import { fold } from "../../random/key.ts"
import { log } from "../../special/index.ts"
import { FitError } from "../errors.ts"
import type { Evaluated } from "../lbfgs.ts"
import { along } from "../vector.ts"
import { climb } from "./climb.ts"
import { curvatureAt, diagonalFactor, factorOf } from "./curvature.ts"
import type { Density } from "./density.ts"
import { batch } from "./density.ts"
import { lowerTimes } from "./matrix.ts"
import type { Gaussian } from "./smoothed.ts"
import { smoothed } from "./smoothed.ts"

const climbs = 4
/** Starting points are uniform on (−radius, radius) in each unconstrained coordinate, as in Stan; the first is the origin. */
const radius = 2
/** So many batches of them are tried for points where the density is finite. */
const tries = 3
const drawsPerGaussian = 32
/** Above this dimension only the Gaussian with independent coordinates is tried. */
const largestHessian = 400
/** A mean or a scale beyond this is on its way to infinity. */
const vast = 1e12

const failure = (where: string, reason: string, remedy: string): FitError =>
  new FitError({ step: 0, where, reason, remedy, state: undefined })

/** Points to climb from: the first ones with a finite density and gradient. */
const startingPoints = (density: Density, key: Key): Effect.Effect<ReadonlyArray<Float64Array>, EngineError | FitError> =>
  Effect.gen(function* () {
    const origin = new Float64Array(density.dimension)
    for (let i = 0; i < tries; i++) {
      const points = Array.from({ length: batch }, (_, k) =>
        i === 0 && k === 0 ? origin : uniforms(fold(key, i * batch + k), origin.length).map((u) => radius * (2 * u - 1))
      )
      const at = yield* density.at(points)
      const finite = points.filter((_, k) => Number.isFinite(at[k]!.value) && at[k]!.gradient.every(Number.isFinite))
      if (finite.length > 0) return finite.slice(0, climbs)
    }
    const { where, remedy } = density.blame(origin)
    return yield* Effect.fail(
      failure(where, `the log density or its gradient is finite at none of ${tries * batch} starting points`, remedy)
    )
  })

/** Normals in pairs z, −z. */
export const antithetic = (key: Key, count: number, d: number): ReadonlyArray<Float64Array> =>
  Array.from({ length: count / 2 }, (_, i) => normals(fold(key, i), d)).flatMap((z) => [z, z.map((c) => -c)])

export const drawsOf = ({ shift, scaleTril }: Start, noise: ReadonlyArray<Float64Array>): ReadonlyArray<Float64Array> =>
  noise.map((z) => along(shift, 1, lowerTimes(scaleTril, z)))

interface Candidate {
  readonly start: Start
  /** Up to a constant that is the same for all Gaussians. */
  readonly elbo: number
  /** The mean log density of its draws. */
  readonly level: number
}

const judged = (density: Density, start: Start, noise: ReadonlyArray<Float64Array>): Effect.Effect<Candidate, EngineError> =>
  Effect.map(density.at(drawsOf(start, noise)), (at) => {
    const d = start.shift.length
    const level = at.reduce((sum, { value }) => sum + value / at.length, 0)
    let elbo = level
    for (let i = 0; i < d; i++) elbo += log(start.scaleTril[i * (d + 1)]!)
    return { start, level, elbo: Number.isFinite(elbo) ? elbo : -Infinity }
  })

/** From a mode, the density of a Gaussian's own draws falls by d/2 on average. A mode far from the mass, at the neck of a funnel, tells by another fall. */
const isTypical = (mode: Evaluated, { level }: Candidate): boolean => {
  const d = mode.x.length
  return Math.abs(mode.value - level - d / 2) < 1 + d / 4
}

/** Whether two points are the same mode, found twice. */
const same = (a: Evaluated, b: Evaluated): boolean =>
  Math.abs(a.value - b.value) < 1e-3 && a.x.every((c, i) => Math.abs(c - b.x[i]!) < 1e-2 * Math.max(1, Math.abs(c)))

/** A Gaussian that has run off to infinity is that of a posterior without a finite mass. */
const refuseVast = (density: Density, { mean, scales }: Gaussian): Effect.Effect<void, FitError> => {
  const coordinate = mean.findIndex((m, i) => !(Math.abs(m) < vast && scales[i]! < vast))
  return coordinate < 0
    ? Effect.void
    : Effect.fail(
        failure(
          `site "${density.siteOf(coordinate)}"`,
          "the posterior seems to be improper: its mass there has no end",
          "Give the site a proper prior, or data that bound it."
        )
      )
}

export interface Found {
  /** Where the guide starts. */
  readonly start: Start
  /** Gaussians at the different ends of the climbs: the modes, if the posterior has several. */
  readonly modes: ReadonlyArray<Start>
}

export const startOf = (density: Density, key: Key): Effect.Effect<Found, EngineError | FitError> =>
  Effect.gen(function* () {
    const d = density.dimension
    const noise = antithetic(fold(key, "judge"), drawsPerGaussian, d)
    const from = yield* startingPoints(density, key)
    const climbed = yield* climb(density.at, from, { maxIterations: 300, gradientTolerance: 1e-5, valueTolerance: 1e-9 })
    let modes = d <= largestHessian && climbed.every(({ status }) => status !== "iterations" && status !== "unbounded")
    // minus the log density is what was minimised
    const ends = climbed
      .map(({ trajectory }) => trajectory.at(-1)!)
      .map((e) => ({ ...e, value: -e.value }))
      .filter((e, i, all) => Number.isFinite(e.value) && !all.slice(0, i).some((earlier) => same(earlier, e)))
    const candidates: Array<Candidate> = []
    if (d <= largestHessian) {
      for (const end of ends) {
        const factored = factorOf(yield* curvatureAt(density, [end.x]))
        const candidate = factored && (yield* judged(density, { shift: end.x, scaleTril: factored.scaleTril }, noise))
        modes &&= factored?.definite === true && isTypical(end, candidate!)
        if (candidate !== undefined) candidates.push(candidate)
      }
    }
    const atEnds = candidates.map(({ start }) => start)
    if (!modes) {
      const smoothing = antithetic(fold(key, "smooth"), drawsPerGaussian, d)
      const gaussian = yield* smoothed(density, from[0]!, smoothing)
      yield* refuseVast(density, gaussian)
      const independent = { shift: gaussian.mean, scaleTril: diagonalFactor(gaussian.scales) }
      candidates.push(yield* judged(density, independent, noise))
      if (d <= largestHessian) {
        const factored = factorOf(yield* curvatureAt(density, drawsOf(independent, smoothing.slice(0, 8))))
        if (factored !== undefined) candidates.push(yield* judged(density, { shift: gaussian.mean, scaleTril: factored.scaleTril }, noise))
      }
    }
    return { start: candidates.reduce((best, c) => (c.elbo > best.elbo ? c : best)).start, modes: atEnds }
  })

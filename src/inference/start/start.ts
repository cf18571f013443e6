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
import { FitError } from "../errors.ts"
import type { Evaluated } from "../lbfgs.ts"
import { along } from "../vector.ts"
import { climb } from "./climb.ts"
import { curvatureAt, diagonalFactor, factorOf } from "./curvature.ts"
import type { Density } from "./density.ts"
import { lowerTimes } from "./matrix.ts"
import { smoothed } from "./smoothed.ts"

const climbs = 4
/** Starting points are uniform on (−radius, radius) in each unconstrained coordinate, as in Stan. */
const radius = 2
const drawsPerGaussian = 32
/** Above this dimension only the Gaussian with independent coordinates is tried. */
const largestHessian = 400

/** Normals in pairs z, −z. */
const antithetic = (key: Key, count: number, d: number): ReadonlyArray<Float64Array> =>
  Array.from({ length: count / 2 }, (_, i) => normals(fold(key, i), d)).flatMap((z) => [z, z.map((c) => -c)])

const drawsOf = ({ shift, scaleTril }: Start, noise: ReadonlyArray<Float64Array>): ReadonlyArray<Float64Array> =>
  noise.map((z) => along(shift, 1, lowerTimes(scaleTril, z)))

/** Up to a constant that is the same for all Gaussians. */
const elboOf = (density: Density, start: Start, noise: ReadonlyArray<Float64Array>): Effect.Effect<number, EngineError> =>
  Effect.map(density(drawsOf(start, noise)), (at) => {
    const d = start.shift.length
    let elbo = at.reduce((sum, { value }) => sum + value / at.length, 0)
    for (let i = 0; i < d; i++) elbo += Math.log(start.scaleTril[i * (d + 1)]!)
    return Number.isNaN(elbo) ? -Infinity : elbo
  })

/** Whether two points are the same mode, found twice. */
const same = (a: Evaluated, b: Evaluated): boolean =>
  Math.abs(a.value - b.value) < 1e-3 && a.x.every((c, i) => Math.abs(c - b.x[i]!) < 1e-2 * Math.max(1, Math.abs(c)))

export const startOf = (density: Density, d: number, key: Key): Effect.Effect<Start, EngineError | FitError> =>
  Effect.gen(function* () {
    const from = Array.from({ length: climbs }, (_, i) =>
      i === 0 ? new Float64Array(d) : uniforms(fold(key, i), d).map((u) => radius * (2 * u - 1))
    )
    const climbed = yield* climb(density, from, { maxIterations: 300, gradientTolerance: 1e-5, valueTolerance: 1e-9 })
    const reached = climbed.filter((s) => s.trajectory.length > 0)
    if (reached.length === 0) {
      return yield* Effect.fail(
        new FitError({
          step: 0,
          where: "the starting point",
          reason: `the log density or its gradient is not finite at any of ${climbs} starting points`,
          remedy: "Check that the data lie in the support of the likelihood, and that its parameters are constrained to where it is defined.",
          state: undefined
        })
      )
    }
    const candidates: Array<Start> = []
    let modes = reached.length === climbs && d <= largestHessian
    const ends = reached.map((s) => s.trajectory.at(-1)!).filter((e, i, all) => !all.slice(0, i).some((earlier) => same(earlier, e)))
    if (d <= largestHessian) {
      for (const { x } of ends) {
        const factored = factorOf(yield* curvatureAt(density, [x]))
        modes &&= factored?.definite === true
        if (factored !== undefined) candidates.push({ shift: x, scaleTril: factored.scaleTril })
      }
    }
    if (!modes) {
      const noise = antithetic(fold(key, "smooth"), drawsPerGaussian, d)
      const { mean, scales } = yield* smoothed(density, reached[0]!.trajectory[0]!.x, noise)
      const independent = { shift: mean, scaleTril: diagonalFactor(scales) }
      candidates.push(independent)
      if (d <= largestHessian) {
        const factored = factorOf(yield* curvatureAt(density, drawsOf(independent, noise.slice(0, 8))))
        if (factored !== undefined) candidates.push({ shift: mean, scaleTril: factored.scaleTril })
      }
    }
    const noise = antithetic(fold(key, "judge"), drawsPerGaussian, d)
    const elbos = yield* Effect.forEach(candidates, (c) => elboOf(density, c, noise))
    return candidates[elbos.indexOf(Math.max(...elbos))]!
  })

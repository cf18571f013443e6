/**
 * The Gaussian with independent coordinates that maximises the ELBO over fixed draws, m + s z: a smooth deterministic problem, for L-BFGS.
 * It finds where the mass is when the density itself has no mode.
 *
 * @see Giordano, Ingram & Broderick 2024, "Black Box Variational Inference with a Deterministic Objective".
 */
import * as Effect from "effect/Effect"
import type { EngineError } from "../../errors.ts"
import { exp, log } from "../../special/index.ts"
import { climb } from "./climb.ts"
import type { Density, Evaluation } from "./density.ts"

export interface Gaussian {
  readonly mean: Float64Array
  readonly scales: Float64Array
}

const unpack = (point: Float64Array): Gaussian => {
  const d = point.length / 2
  return { mean: point.slice(0, d), scales: point.slice(d).map(exp) }
}

const objective =
  (density: Density, noise: ReadonlyArray<Float64Array>) =>
  (points: ReadonlyArray<Float64Array>): Effect.Effect<ReadonlyArray<Evaluation>, EngineError> => {
    const gaussians = points.map(unpack)
    const draws = gaussians.flatMap(({ mean, scales }) => noise.map((z) => mean.map((m, i) => m + scales[i]! * z[i]!)))
    return Effect.map(density.at(draws), (evaluated) =>
      gaussians.map(({ mean, scales }, g) => {
        const d = mean.length
        const n = noise.length
        const gradient = new Float64Array(2 * d).fill(1, d)
        let value = scales.reduce((sum, s) => sum + log(s), 0)
        noise.forEach((z, k) => {
          const at = evaluated[g * n + k]!
          value += at.value / n
          for (let i = 0; i < d; i++) {
            gradient[i]! += at.gradient[i]! / n
            gradient[d + i]! += (at.gradient[i]! * z[i]! * scales[i]!) / n
          }
        })
        return { value, gradient }
      })
    )
  }

export const smoothed = (
  density: Density,
  from: Float64Array,
  noise: ReadonlyArray<Float64Array>
): Effect.Effect<Gaussian, EngineError> => {
  const start = Float64Array.from([...from, ...from.map(() => 0)])
  return Effect.map(
    climb(objective(density, noise), [start], { maxIterations: 200, gradientTolerance: 1e-3, valueTolerance: 1e-6 }),
    ([state]) => unpack(state!.next)
  )
}

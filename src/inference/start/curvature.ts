import * as Effect from "effect/Effect"
import type { EngineError } from "../../errors.ts"
import type { Density } from "./density.ts"
import { choleskyOf, inverseOfFactored } from "./matrix.ts"

/** −∇² log p averaged over `points`, by central differences of the gradient, symmetrised. */
export const curvatureAt = (density: Density, points: ReadonlyArray<Float64Array>): Effect.Effect<Float64Array, EngineError> => {
  const d = points[0]!.length
  const moves = points.flatMap((x) =>
    Array.from({ length: d }, (_, j) => {
      const step = 1e-4 * Math.max(1, Math.abs(x[j]!))
      const moved = (by: number): Float64Array => x.map((c, i) => (i === j ? c + by : c))
      return { j, step, ends: [moved(step), moved(-step)] }
    })
  )
  return Effect.map(density.at(moves.flatMap((m) => m.ends)), (at) => {
    const h = new Float64Array(d * d)
    moves.forEach(({ j, step }, k) => {
      for (let i = 0; i < d; i++) {
        const v = (at[2 * k + 1]!.gradient[i]! - at[2 * k]!.gradient[i]!) / (2 * step * points.length)
        h[i * d + j]! += v / 2
        h[j * d + i]! += v / 2
      }
    })
    return h
  })
}

export interface Factored {
  /** The lower triangular factor of the covariance. */
  readonly scaleTril: Float64Array
  /** Whether the curvature was positive definite as it came. */
  readonly definite: boolean
}

/** The factor of a covariance from a curvature; where this is not positive definite, its diagonal is raised until it is. */
export const factorOf = (curvature: Float64Array): Factored | undefined => {
  const d = Math.sqrt(curvature.length)
  if (!curvature.every(Number.isFinite)) return undefined
  for (let raise = 0; raise < 10; raise = raise === 0 ? 1e-3 : raise * 4) {
    const raised = curvature.map((v, k) => (k % (d + 1) === 0 ? v + raise * Math.max(Math.abs(v), 1e-6) : v))
    const precision = choleskyOf(raised, d)
    const scaleTril = precision && choleskyOf(inverseOfFactored(precision, d), d)
    if (scaleTril?.every(Number.isFinite) === true) return { scaleTril, definite: raise === 0 }
  }
  return undefined
}

export const diagonalFactor = (scales: Float64Array): Float64Array => {
  const d = scales.length
  return Float64Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? scales[k / (d + 1)]! : 0))
}

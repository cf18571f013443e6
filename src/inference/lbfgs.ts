/**
 * L-BFGS as a record of an initial state and a step, so that whoever drives it evaluates the function: in a plain loop, in an Effect, or for many
 * starts in one batch. Nocedal & Wright, "Numerical Optimization" (2006), algorithms 7.4 and 7.5.
 */
import { ArgumentError } from "../errors.ts"
import type { Vector } from "./vector.ts"
import { along, dot, largest, minus } from "./vector.ts"

export interface LbfgsOptions {
  /** How many steps the inverse Hessian remembers. */
  readonly memory?: number
  /** It has converged when no component of the gradient is larger, */
  readonly gradientTolerance?: number
  /** or when a step lowers the value by no more than this share of max(|value|, 1). */
  readonly valueTolerance?: number
  readonly maxIterations?: number
  /** The relative rounding error of values: a rise within it counts as none. */
  readonly precision?: number
}

/**
 * - `running`: value and gradient are wanted at `next`
 * - `gradient`, `value`: converged, by that criterion
 * - `iterations`: `maxIterations` reached
 * - `lineSearch`: no lower point in reach along the steepest descent
 * - `start`: value or gradient at the starting point is not finite
 * - `unbounded`: a value of −∞ was met
 */
export type LbfgsStatus = "running" | "gradient" | "value" | "iterations" | "lineSearch" | "start" | "unbounded"

export interface Evaluated {
  readonly x: Vector
  readonly value: number
  readonly gradient: Vector
}

/** A step s and the change y of the gradient over it, sᵀy > 0. */
interface Pair {
  readonly s: Vector
  readonly y: Vector
  readonly sy: number
}

/** A search along a direction: steps up to `low` are too short, steps from `high` on too long. */
interface Search {
  readonly direction: Vector
  readonly slope: number
  readonly low: number
  /** What was found at `low`, once that is past 0: it is lower than where the search began. */
  readonly found: Evaluated | undefined
  readonly high: number
  readonly length: number
  readonly evaluations: number
}

export interface LbfgsState {
  readonly status: LbfgsStatus
  /** Where value and gradient are wanted; the last iterate once the status is no longer `running`. */
  readonly next: Vector
  /** The iterates, with their gradients. */
  readonly trajectory: ReadonlyArray<Evaluated>
  readonly pairs: ReadonlyArray<Pair>
  readonly search: Search | undefined
}

export interface Lbfgs {
  readonly init: (x0: ArrayLike<number>) => LbfgsState
  /** The state after value and gradient at `state.next`. A state that is no longer running stays as it is. */
  readonly step: (state: LbfgsState, value: number, gradient: ArrayLike<number>) => LbfgsState
}

/** Sufficient decrease and curvature, the c₁ and c₂ of Nocedal & Wright, eq. 3.6. */
const DECREASE = 1e-4
const CURVATURE = 0.9
const MAX_EVALUATIONS = 40

/** H v for the inverse Hessian H of a state: the two-loop recursion, algorithm 7.4. */
export const inverseHessianTimes = ({ pairs }: Pick<LbfgsState, "pairs">, v: Vector): Vector => {
  let q: Vector = v
  const backward = pairs.toReversed().map((pair) => {
    const alpha = dot(pair.s, q) / pair.sy
    q = along(q, -alpha, pair.y)
    return { ...pair, alpha }
  })
  const last = pairs.at(-1)
  const scale = last === undefined ? 1 : last.sy / dot(last.y, last.y)
  let r: Vector = q.map((c) => c * scale)
  for (const { s, y, sy, alpha } of backward.toReversed()) r = along(r, alpha - dot(y, r) / sy, s)
  return r
}

/**
 * L-BFGS with a line search for the weak Wolfe conditions by bisection and doubling (Lewis & Overton 2013), which shortens the step wherever value or
 * gradient is not finite: +∞ marks the outside of the domain.
 *
 *     const { init, step } = lbfgs()
 *     let state = init([3, 4])
 *     while (state.status === "running") state = step(state, value(state.next), gradient(state.next))
 */
export const lbfgs = (options: LbfgsOptions = {}): Lbfgs => {
  const { memory = 20, gradientTolerance = 1e-6, valueTolerance = 1e-12, maxIterations = 1000, precision = 1e-15 } = options

  const stop = (state: LbfgsState, status: LbfgsStatus): LbfgsState => ({
    ...state,
    status,
    next: state.trajectory.at(-1)?.x ?? state.next,
    search: undefined
  })

  const searchFrom = (state: LbfgsState, at: Evaluated): LbfgsState => {
    const direction = inverseHessianTimes(state, at.gradient).map((c) => -c)
    const slope = dot(direction, at.gradient)
    if (!(slope < 0)) return state.pairs.length > 0 ? searchFrom({ ...state, pairs: [] }, at) : stop(state, "lineSearch")
    const length = state.pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(dot(direction, direction)))
    return tryLength(state, at, { direction, slope, low: 0, found: undefined, high: Infinity, length, evaluations: 0 })
  }

  const tryLength = (state: LbfgsState, at: Evaluated, search: Search): LbfgsState => {
    const next = along(at.x, search.length, search.direction)
    const stuck = search.evaluations >= MAX_EVALUATIONS || next.every((c, i) => c === at.x[i])
    if (!stuck) return { ...state, next, search }
    if (search.found !== undefined && search.found.value < at.value) return accept(state, at, search.found)
    return state.pairs.length > 0 ? searchFrom({ ...state, pairs: [] }, at) : stop(state, "lineSearch")
  }

  const accept = (state: LbfgsState, from: Evaluated, to: Evaluated): LbfgsState => {
    const s = minus(to.x, from.x)
    const y = minus(to.gradient, from.gradient)
    const sy = dot(s, y)
    const pairs = sy > 1e-12 * dot(y, y) ? [...state.pairs, { s, y, sy }].slice(-memory) : state.pairs
    const trajectory = [...state.trajectory, to]
    const moved: LbfgsState = { ...state, pairs, trajectory }
    if (largest(to.gradient) <= gradientTolerance) return stop(moved, "gradient")
    if (from.value - to.value <= valueTolerance * Math.max(Math.abs(to.value), 1)) return stop(moved, "value")
    if (trajectory.length > maxIterations) return stop(moved, "iterations")
    return searchFrom(moved, to)
  }

  const init = (x0: ArrayLike<number>): LbfgsState => {
    const x = Float64Array.from(x0)
    if (!x.every(Number.isFinite))
      throw new ArgumentError({ argument: "lbfgs.init.x0", expected: "finite numbers", received: `[${x.join(", ")}]` })
    return { status: "running", next: x, trajectory: [], pairs: [], search: undefined }
  }

  const step = (state: LbfgsState, value: number, givenGradient: ArrayLike<number>): LbfgsState => {
    if (state.status !== "running") return state
    const to: Evaluated = { x: state.next, value, gradient: Float64Array.from(givenGradient) }
    if (value === -Infinity) return stop({ ...state, trajectory: [...state.trajectory, to] }, "unbounded")
    const finite = Number.isFinite(value) && to.gradient.every(Number.isFinite)
    const from = state.trajectory.at(-1)
    const { search } = state
    if (from === undefined || search === undefined) {
      if (!finite) return stop(state, "start")
      const started: LbfgsState = { ...state, trajectory: [to] }
      return largest(to.gradient) <= gradientTolerance ? stop(started, "gradient") : searchFrom(started, to)
    }
    const { direction, slope, length, low, high } = search
    const evaluations = search.evaluations + 1
    if (!finite || value > from.value + DECREASE * length * slope + precision * Math.abs(from.value))
      return tryLength(state, from, { ...search, high: length, length: (low + length) / 2, evaluations })
    if (dot(direction, to.gradient) < CURVATURE * slope)
      return tryLength(state, from, {
        ...search,
        low: length,
        found: to,
        length: high < Infinity ? (length + high) / 2 : 2 * length,
        evaluations
      })
    return accept(state, from, to)
  }

  return { init, step }
}

/** Minimises a function given with its gradient; the last point of the trajectory is the lowest found. */
export const minimise = (
  f: (x: Vector) => { readonly value: number; readonly gradient: ArrayLike<number> },
  x0: ArrayLike<number>,
  options?: LbfgsOptions
): LbfgsState => {
  const { init, step } = lbfgs(options)
  let state = init(x0)
  while (state.status === "running") {
    const { value, gradient } = f(state.next)
    state = step(state, value, gradient)
  }
  return state
}

/** A density on the nodes of a quadrature rule that covers it. */
import * as tf from "@tensorflow/tfjs-core"
import { range, sizeOf } from "../graph/shape.ts"
import { noiseStream } from "../trace/noiseStream.ts"
import { enter, leave, newAxis, under } from "../trace/axes.ts"
import { compiled } from "./compiled.ts"
import type { Arrays, Tensors } from "./compiled.ts"
import { rowsOf } from "./matrices.ts"
import { chart } from "./members.ts"
import type { Members } from "./members.ts"
import { integerRule, lineRule, locationsOf, productRule } from "./quadrature.ts"
import type { Location, Rule } from "./quadrature.ts"

/** A measure on finitely many points: a row of coordinates each, and its mass. */
export interface Mass {
  readonly points: ReadonlyArray<ArrayLike<number>>
  readonly masses: ReadonlyArray<number>
  /** How far the sum of all masses is from the integral, at most. */
  readonly error: number
}

/** Draws of the coordinates, a row each, and the log density of the coordinates there. */
export const coordinateDraws = (members: Members, draws: number) => {
  const { family, kind, dimension } = members
  const run = compiled((parameters: Tensors) => {
    const axis = newAxis("draw", draws)
    return under(axis, () => {
      const d = family.make(parameters)
      const x = d.sample(noiseStream("draw"))
      const back = kind === "real" ? chart(d).inverse(x) : undefined
      const logDensity = back === undefined ? d.logProb(x) : tf.sub(d.logProb(x), back.logDet)
      return { rows: leave(tf.reshape(back?.value ?? x, [dimension]), axis), logDensity: leave(logDensity, axis) }
    })
  })
  return (parameters: Arrays, seed: number) => {
    const { rows, logDensity } = run(parameters, { hi: 1, lo: seed })
    return { rows: rowsOf(rows), logDensity: logDensity.data }
  }
}

/** Draws, a flat row each. */
export const valueDraws = ({ family, eventShape }: Members, draws: number) => {
  const run = compiled((parameters: Tensors) => {
    const axis = newAxis("draw", draws)
    const row = (): tf.Tensor => tf.reshape(family.make(parameters).sample(noiseStream("draw")), [sizeOf(eventShape)])
    return { rows: under(axis, () => leave(row(), axis)) }
  })
  return (parameters: Arrays, seed: number): ReadonlyArray<ArrayLike<number>> => rowsOf(run(parameters, { hi: 1, lo: seed }).rows)
}

/** The masses at the nodes of a rule, and how much lies at nodes that floats can't tell apart. */
interface Sampled {
  readonly masses: ReadonlyArray<number>
  readonly lost: number
}

/** Where a chart has lost this share of its digits, a float can't tell its points apart: no mass is there. */
const LOST = 1e-3

const densityAt = ({ family, kind, coordinates, dimension }: Members) => {
  const run = compiled(({ "the points": points, ...parameters }: Tensors) => {
    const axis = newAxis("node", points!.shape[0]!)
    return under(axis, () => {
      const d = family.make(parameters)
      const z = tf.reshape(enter(points!, axis), [...coordinates])
      if (kind === "integer") return { logDensity: leave(d.logProb(z), axis), back: points! }
      const { value, logDet } = chart(d).forward(z)
      const back = tf.reshape(chart(d).inverse(value).value, [dimension])
      return { logDensity: leave(tf.add(d.logProb(value), logDet), axis), back: leave(back, axis) }
    })
  })
  return (parameters: Arrays, { points, weights }: Rule): Sampled => {
    const data = Float64Array.from(points.flat())
    const { logDensity, back } = run({ ...parameters, "the points": { shape: [points.length, dimension], data } })
    const kept = (row: number): boolean =>
      range(dimension).every(
        (j) => Math.abs(back.data[row * dimension + j]! - data[row * dimension + j]!) <= LOST * (1 + Math.abs(data[row * dimension + j]!))
      )
    const masses = weights.map((w, i) => w * Math.exp(logDensity.data[i]!))
    const lost = masses.reduce((sum, m, i) => (kept(i) || !(m < 1) ? sum : sum + m), 0)
    return { masses: masses.map((m, i) => (kept(i) ? m : 0)), lost }
  }
}

/** Refined until two rules agree to this, or this many nodes are reached in one dimension, or in two. */
const PRECISION = 1e-10
const MOST_NODES = [2 ** 13, 2 ** 16]

const total = (masses: ReadonlyArray<number>): number => masses.reduce((a, b) => a + b, 0)

/** The density of a member of at most two dimensions, or of integers. */
export const massOf = (members: Members): ((parameters: Arrays) => Mass) => {
  const draws = coordinateDraws(members, 1000)
  const density = densityAt(members)
  return (parameters) => {
    const { rows } = draws(parameters, 0)
    if (members.kind === "integer") {
      const rule = integerRule(rows.map((row) => row[0]!))
      return { points: rule.points, masses: density(parameters, rule).masses, error: PRECISION }
    }
    const locations: ReadonlyArray<Location> = locationsOf(rows)
    const ruleOf = (h: number): Rule => productRule(locations.map((location) => lineRule(location, h)))
    let before = total(density(parameters, ruleOf(1 / 4)).masses)
    let lastError = Infinity
    for (let h = 1 / 8; ; h /= 2) {
      const rule = ruleOf(h)
      const { masses, lost } = density(parameters, rule)
      const error = Math.abs(total(masses) - before)
      if (
        Math.max(error, lastError) <= PRECISION ||
        rule.points.length * 2 ** members.dimension > MOST_NODES[members.dimension - 1]! ||
        Number.isNaN(error)
      ) {
        return { points: rule.points, masses, error: PRECISION + error + lastError + lost }
      }
      lastError = error
      before = total(masses)
    }
  }
}

/** ∫ f under a mass. */
export const expectation = ({ points, masses }: Mass, f: (point: ArrayLike<number>) => number): number =>
  points.reduce((sum, point, i) => (masses[i] === 0 ? sum : sum + masses[i]! * f(point)), 0)

/** The exact posterior of the double moon's noise and dilation, by quadrature on a grid. */
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import { deterministic, model, type NDArray, prior, sample } from "pushforward"
import { Categorical, Uniform } from "pushforward/distributions"
import { float32 } from "pushforward/math"
import { logLikelihood } from "./doubleMoonInference.ts"
import { dilations, noises } from "./moonPrior.ts"
import { gaussLegendre, interpolation, type Range, type Rule } from "./quadrature.ts"

/** By node. */
export interface Nodes {
  readonly noise: Float64Array
  readonly dilation: Float64Array
  readonly logDensity: Float64Array
  /** What a density is multiplied by to integrate it. */
  readonly weight: Float64Array
}

export interface GridPosterior {
  /** log p(points), prior and likelihood integrated. */
  readonly logEvidence: number
  /** Of noise and of dilation. */
  readonly mean: readonly [number, number]
  readonly sd: readonly [number, number]
  /** log p(noise, dilation | points); −∞ outside the prior. */
  readonly logDensity: (noise: number, dilation: number) => number
  /** The nodes of the quadrature, with the share of the posterior that each stands for: Σ mass = 1. */
  readonly nodes: Nodes
  /** ∫ f p over the posterior. */
  readonly expectation: (f: (noise: number, dilation: number) => number) => number
  /** [draws, 2] */
  readonly draws: (count: number, seed: number) => Effect.Effect<NDArray>
}

/** Coarse cells on a side, and how far below the highest a cell may lie to be kept, in nats. */
const CELLS = 20
const DEPTH = 28

/** Quadrature nodes on a side, and the cells on a side that draws come from. */
const NODES = 40
const FINE = 256

type Box = readonly [noise: Range, dilation: Range]

const logPrior = -Math.log((noises[1] - noises[0]) * (dilations[1] - dilations[0]))

const middles = ([from, to]: Range, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.5)) / count)

/** f over the nodes of noise (rows) and dilation (columns). */
const onGrid = (rows: Float64Array, columns: Float64Array, f: (noise: number, dilation: number) => number): ReadonlyArray<Float64Array> =>
  Array.from(rows, (noise) => columns.map((dilation) => f(noise, dilation)))

/** The part of a range whose cells count, and a cell on either side. */
const kept = (counts: ReadonlyArray<boolean>, [from, to]: Range): Range => {
  const width = (to - from) / counts.length
  return [Math.max(from, from + (counts.indexOf(true) - 1) * width), Math.min(to, from + (counts.lastIndexOf(true) + 2) * width)]
}

/** The box about all that is not negligible, found by coarse grids that close in on it. */
const located = (f: (noise: number, dilation: number) => number, box: Box = [noises, dilations]): Box => {
  const grid = onGrid(middles(box[0], CELLS), middles(box[1], CELLS), f)
  const least = Math.max(...grid.flatMap((row) => Array.from(row))) - DEPTH
  const next: Box = [
    kept(
      grid.map((row) => row.some((value) => value > least)),
      box[0]
    ),
    kept(
      Array.from(grid[0]!, (_, j) => grid.some((row) => row[j]! > least)),
      box[1]
    )
  ]
  const area = ([a, b]: Box): number => (a[1] - a[0]) * (b[1] - b[0])
  return area(next) < 0.8 * area(box) ? located(f, next) : next
}

/** A cell of a fine grid by its mass, row first, and a place in it. */
const fineModel = model(function* ({ rows, cells, from, widths }: Fine) {
  const row = yield* sample("row", Categorical(rows))
  const column = yield* sample("column", Categorical(tf.gather(float32(cells), row)))
  const place = yield* sample("place", Uniform([0, 0], 1))
  const cell = tf.stack([tf.cast(row, "float32"), tf.cast(column, "float32")])
  yield* deterministic("value", tf.add(float32(from), tf.mul(tf.add(cell, place), float32(widths))))
})

interface Fine {
  /** Log masses of rows and of cells. */
  readonly rows: Float64Array
  readonly cells: NDArray
  readonly from: ReadonlyArray<number>
  readonly widths: ReadonlyArray<number>
}

const logSumExp = (values: ArrayLike<number>): number => {
  const all = Array.from(values)
  const largest = Math.max(...all)
  return largest + Math.log(all.reduce((sum, value) => sum + Math.exp(value - largest), 0))
}

/** The log density between its nodes, by the polynomial through them. */
const refined = (grid: ReadonlyArray<Float64Array>, rules: readonly [Rule, Rule], box: Box): Fine => {
  const [down, across] = [interpolation(rules[0].nodes, middles(box[0], FINE)), interpolation(rules[1].nodes, middles(box[1], FINE))]
  const rows = down.map((weights) => grid[0]!.map((_, j) => weights.reduce((sum, w, i) => sum + w * grid[i]![j]!, 0)))
  const cells = rows.map((row) => Float64Array.from(across, (weights) => weights.reduce((sum, w, j) => sum + w * row[j]!, 0)))
  return {
    rows: Float64Array.from(cells, logSumExp),
    cells: { shape: [FINE, FINE], data: Float64Array.from(cells.flatMap((row) => Array.from(row))) },
    from: box.map(([from]) => from),
    widths: box.map(([from, to]) => (to - from) / FINE)
  }
}

/**
 * The posterior given points in the plane: Gauss–Legendre quadrature with 40 × 40 nodes on the box where the density is within 28 nats of its
 * highest, which gives the evidence's log to 1e-8. Draws come from 256 × 256 cells of that box, uniform in each.
 */
export const doubleMoonPosterior = (points: ReadonlyArray<ArrayLike<number>>): GridPosterior => {
  const logJoint = (noise: number, dilation: number): number => logPrior + logLikelihood(points, noise, dilation)
  const box = located(logJoint)
  const rules = [gaussLegendre(NODES, ...box[0]), gaussLegendre(NODES, ...box[1])] as const
  const grid = onGrid(rules[0].nodes, rules[1].nodes, logJoint)
  const weights = onGrid(rules[0].weights, rules[1].weights, (a, b) => a * b)
  const logEvidence = logSumExp(grid.map((row, i) => logSumExp(row.map((value, j) => value + Math.log(weights[i]![j]!)))))
  const flat = (rows: ReadonlyArray<Float64Array>): Float64Array => Float64Array.from(rows.flatMap((row) => Array.from(row)))
  const logDensity = flat(grid).map((value) => value - logEvidence)
  const nodes: Nodes = {
    noise: flat(onGrid(rules[0].nodes, rules[1].nodes, (noise) => noise)),
    dilation: flat(onGrid(rules[0].nodes, rules[1].nodes, (_, dilation) => dilation)),
    logDensity,
    weight: flat(weights)
  }
  const expectation: GridPosterior["expectation"] = (f) =>
    nodes.weight.reduce((sum, weight, i) => sum + weight * Math.exp(logDensity[i]!) * f(nodes.noise[i]!, nodes.dilation[i]!), 0)
  const mean = [expectation((noise) => noise), expectation((_, dilation) => dilation)] as const
  const inside = (value: number, [from, to]: Range): boolean => value >= from && value <= to
  return {
    logEvidence,
    mean,
    sd: [Math.sqrt(expectation((noise) => (noise - mean[0]) ** 2)), Math.sqrt(expectation((_, dilation) => (dilation - mean[1]) ** 2))],
    logDensity: (noise, dilation) =>
      inside(noise, noises) && inside(dilation, dilations) ? logJoint(noise, dilation) - logEvidence : -Infinity,
    nodes,
    expectation,
    draws: (draws, seed) => Effect.map(Effect.orDie(prior(fineModel(refined(grid, rules, box)), { draws, seed })), ({ value }) => value)
  }
}

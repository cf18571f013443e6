import type * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import type { Bijector } from "../bijector/bijector.ts"
import type { Distribution } from "../distribution/distribution.ts"
import { Normal, Transformed } from "../distribution/index.ts"
import { range } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { Guide, Start } from "../guide/guide.ts"
import type { Learnable, Params, TensorParams } from "../learnable/learnable.ts"
import { leaves, mapTree } from "../learnable/tree.ts"
import { keyOf } from "../random/key.ts"
import { evaluate } from "../trace/evaluate.ts"
import { asTensor } from "../trace/tensor.ts"
import { arrayOf } from "./arbitrary.ts"
import type { Arrays } from "./compiled.ts"
import type { DistributionLawOptions } from "./distributionLaws.ts"
import { distributionLaws } from "./distributionLaws.ts"
import type { Family } from "./family.ts"
import { close, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"
import { learnableLaws } from "./learnableLaws.ts"

export interface GuideLawOptions extends Omit<DistributionLawOptions, "improper"> {
  /** The number of latents that it is tried with. Default 3. */
  readonly size?: number
  /** The length of the context that it is conditioned on; by default there is none. */
  readonly context?: number
}

const near = fc.double({ min: -1, max: 1, noNaN: true })
/** How far parameters are moved from where they start. */
const STEP = 0.3
/** How far the log density may be from that of the Gaussian that a guide starts at, relative to 1 + |z|². */
const START = 0.05

/** A Gaussian with correlated coordinates, or, without `below`, independent ones. */
const startOf = (shift: ReadonlyArray<number>, logScales: ReadonlyArray<number>, below: number): Start => {
  const d = shift.length
  const scaleTril = Float64Array.from({ length: d * d }, (_, k) => {
    const [i, j] = [Math.floor(k / d), k % d]
    return i === j ? Math.exp(logScales[i]!) : i > j ? below * Math.cos(i + 2 * j) * Math.exp(logScales[i]!) : 0
  })
  return { shift: Float64Array.from(shift), scaleTril }
}

const vector = (length: number): fc.Arbitrary<ReadonlyArray<number>> => fc.array(near, { minLength: length, maxLength: length })

const tensorsOf = (params: Params): TensorParams => mapTree(params, (leaf) => asTensor(leaf))

const zeros = (length: number): NDArray => ({ shape: [length], data: new Float64Array(length) })

/** Its density begins as that of the Gaussian that it is given, where the coordinates of that are independent, in whatever units. */
const startLaw = (guide: Guide, d: number, context: number, options: LawOptions): Law => {
  const z = arrayOf([d], fc.double({ min: -3, max: 3, noNaN: true }))
  const cases = fc.record({ shift: vector(d), logScales: vector(d).map((v) => v.map((x) => 8 * x)), z, seed: fc.nat() })
  return law(guide.name, "it starts at the Gaussian it is given", cases, options, ({ shift, logScales, z, seed }) => {
    const scales = logScales.map(Math.exp)
    const centre = shift.map((v, i) => 40 * v * scales[i]!)
    const learnable = guide.flow(startOf(centre, logScales, 0), context)
    const u = { shape: [d], data: z.data.map((v, i) => centre[i]! + scales[i]! * v) }
    const [base, logDet] = evaluate(
      (x, c) => {
        const back = learnable.build(tensorsOf(learnable.init(keyOf(seed))), context > 0 ? c : undefined).inverse(x!)
        return [back.value, back.logDet]
      },
      [u, zeros(context)]
    ) as unknown as readonly [NDArray, NDArray]
    const square = (x: NDArray): number => Array.from(x.data).reduce((sum, v) => sum + v * v, 0)
    const logScale = logScales.reduce((sum, v) => sum + v, 0)
    close(
      "its log density less that of the Gaussian",
      -square(base) / 2 + logDet.data[0]! + square(z) / 2 + logScale,
      0,
      START * (1 + square(z))
    )
  })
}

/** The units of the start are those of the draws: D applied to both changes nothing else. */
const unitsLaw = (guide: Guide, d: number, context: number, options: LawOptions): Law => {
  const z = arrayOf([d], fc.double({ min: -3, max: 3, noNaN: true }))
  const cases = fc.record({
    z,
    shift: vector(d),
    logScales: vector(d),
    units: vector(d).map((v) => v.map((x) => Math.exp(9 * x))),
    seed: fc.nat()
  })
  return law(guide.name, "its draws change with the units of where it starts", cases, options, ({ z, shift, logScales, units, seed }) => {
    const start = startOf(shift, logScales, 0.5)
    const rescaled: Start = {
      shift: start.shift.map((v, i) => v * units[i]!),
      scaleTril: start.scaleTril.map((v, k) => v * units[Math.floor(k / d)]!)
    }
    const [plain, changed] = [start, rescaled].map((s) => {
      const learnable = guide.flow(s, context)
      const moved = mapTree(learnable.init(keyOf(seed)), (leaf, path) => ({
        shape: leaf.shape,
        data: leaf.data.map((v, i) => v + STEP * Math.cos(i + path.length + seed))
      }))
      return evaluate(
        (x, c) => {
          const { value, logDet } = learnable.build(tensorsOf(moved), context > 0 ? c : undefined).forward(x!)
          return [value, logDet]
        },
        [z, zeros(context)]
      )
    }) as unknown as readonly [readonly [NDArray, NDArray], readonly [NDArray, NDArray]]
    const room = (v: number): number => 1e-9 * (1 + Math.abs(v))
    plain[0].data.forEach((v, i) => close(`coordinate ${i}`, changed[0].data[i]! / units[i]!, v, room(v)))
    const logUnits = units.reduce((sum, unit) => sum + Math.log(unit), 0)
    close("the log-determinant", changed[1].data[0]!, plain[1].data[0]! + logUnits, room(logUnits))
  })
}

/**
 * The laws of an automatic guide, in float64: it starts at the Gaussian that it is given, in whatever units; what it builds is a learnable
 * bijector by law (see `learnableLaws`); and, without a context, its draws are distributed as its density says, and every parameter has a
 * gradient by either (see `distributionLaws`).
 *
 * @example
 * ```ts
 * import { fullRank } from "pushforward/guides"
 * import { guideLaws } from "pushforward/testing"
 *
 * for (const law of guideLaws(fullRank())) law.run() // in a test runner: it(law.name, law.run)
 * ```
 */
export const guideLaws = (guide: Guide, options: GuideLawOptions = {}): ReadonlyArray<Law> => {
  const { size = 3, context = 0, ...rest } = options
  const learnable: Learnable<Bijector, tf.Tensor | void> = {
    ...guide.flow(
      startOf(
        range(size).map((i) => Math.cos(i)),
        range(size).map((i) => Math.sin(i)),
        0.5
      ),
      context
    ),
    name: guide.name
  }
  const starts = [startLaw(guide, size, context, rest), unitsLaw(guide, size, context, rest)]
  const laws = [...starts, ...learnableLaws(learnable, { context, ...rest })]
  return context > 0 ? laws : [...laws, ...distributionLaws(pushforward(learnable, size), rest)]
}

/** The distributions of a guide's draws, at parameters near where they start. */
const pushforward = (learnable: Learnable<Bijector, tf.Tensor | void>, size: number): Family<Distribution> => {
  const start = learnable.init(keyOf(1))
  return {
    name: learnable.name,
    parameters: fc.record<Arrays>(
      Object.fromEntries(
        leaves(start).map(({ path, value: { shape, data } }) => [
          path,
          arrayOf(shape, near).map((by) => ({ shape, data: Float64Array.from(data, (v, i) => v + STEP * by.data[i]!) }))
        ])
      )
    ),
    make: (params) =>
      Transformed(Normal(new Float64Array(size), 1), learnable.build(mapTree(start, (_, path) => params[path]!) as TensorParams))
  }
}

import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import type { Bijector } from "../bijector/bijector.ts"
import type { NDArray } from "../graph/types.ts"
import type { Learnable, TensorParams } from "../learnable/learnable.ts"
import { leaves, mapTree } from "../learnable/tree.ts"
import { keyOf } from "../random/key.ts"
import { enter, leave, newAxis, under } from "../trace/axes.ts"
import { anyMember } from "./family.ts"
import type { Family } from "./family.ts"
import { arrayOf, unconstrained } from "./arbitrary.ts"
import { bijectorLaws } from "./bijectorLaws.ts"
import type { BijectorLawOptions } from "./bijectorLaws.ts"
import { chartOf } from "./chart.ts"
import { compiled } from "./compiled.ts"
import type { Arrays, Tensors } from "./compiled.ts"
import { claim, close, law } from "./law.ts"
import type { Law } from "./law.ts"

export interface LearnableLawOptions extends BijectorLawOptions {
  /** The length of the context that it is conditioned on; none by default. */
  readonly context?: number
}

/** How far parameters are moved from where they start, and contexts from 0. */
const near = fc.double({ min: -1, max: 1, noNaN: true })
const ROWS = 5
const CONTEXT = "the context"

/**
 * The laws of a learnable bijector: its parameters start as a function of the key alone; at random parameters and contexts, what it
 * builds is a bijector by law, in which every parameter (and the context) has a gradient; and built from many contexts at once, on a
 * hidden axis, it maps each row as built from that row's context alone.
 *
 * @example
 * ```ts
 * import { learnableAffineCoupling } from "pushforward/learnables"
 * import { learnableLaws } from "pushforward/testing"
 *
 * const coupling = learnableAffineCoupling({ size: 3, context: 2, hidden: [4], activation: "tanh" })
 * for (const law of learnableLaws(coupling, { context: 2 })) law.run() // in a test runner: it(law.name, law.run)
 * ```
 */
export const learnableLaws = (learnable: Learnable<Bijector, tf.Tensor | void>, options: LearnableLawOptions = {}): ReadonlyArray<Law> => {
  const { context = 0, numbers = unconstrained(), ...rest } = options
  const start = learnable.init(keyOf(1))
  const paths = leaves(start)
  const build = ({ [CONTEXT]: given, ...params }: Tensors): Bijector =>
    learnable.build(mapTree(start, (_, path) => params[path]!) as TensorParams, given)
  const moved = (leaf: NDArray): fc.Arbitrary<NDArray> =>
    arrayOf(leaf.shape, near).map(({ data }) => ({ shape: leaf.shape, data: Float64Array.from(data, (d, i) => leaf.data[i]! + d) }))
  const parameters = fc.record<Arrays>(Object.fromEntries(paths.map(({ path, value }) => [path, moved(value)])))
  const contexts = arrayOf([context], near)
  const family: Family<Bijector> = {
    name: learnable.name,
    parameters: context === 0 ? parameters : fc.tuple(parameters, contexts).map(([p, c]) => ({ ...p, [CONTEXT]: c })),
    make: build
  }
  const determined = law(learnable.name, "its parameters start as a function of the key", fc.nat(), rest, (seed) => {
    const [a, b] = [leaves(learnable.init(keyOf(seed))), leaves(learnable.init(keyOf(seed)))]
    claim(JSON.stringify(a) === JSON.stringify(b), () => "two starts with one key differ")
    claim(JSON.stringify(a.map(({ path }) => path)) === JSON.stringify(paths.map(({ path }) => path)), () => "the tree depends on the key")
  })
  const laws = [determined, ...bijectorLaws(family, { numbers, ...rest })]
  return context === 0 ? laws : [...laws, rowsLaw(family, context, numbers, rest)]
}

/** Conditional on many contexts = unconditional at each. */
const rowsLaw = (family: Family<Bijector>, context: number, numbers: fc.Arbitrary<number>, options: BijectorLawOptions): Law => {
  const shape = anyMember(family, ({ domain }) => chartOf(domain).domain.shape)
  const together = compiled(({ z, [CONTEXT]: rows, ...params }: Tensors) => {
    const axis = newAxis("context", ROWS)
    return under(axis, () => {
      const b = family.make({ ...params, [CONTEXT]: enter(rows!, axis) })
      const { value, logDet } = b.forward(chartOf(b.domain).forward(z!).value)
      return { value: leave(value, axis), logDet: leave(logDet, axis) }
    })
  })
  const apart = compiled(({ z, ...params }: Tensors) => {
    const b = family.make(params)
    const { value, logDet } = b.forward(chartOf(b.domain).forward(z!).value)
    return { value, logDet }
  })
  const cases = fc.record({ z: arrayOf(shape, numbers), parameters: family.parameters, rows: arrayOf([ROWS, context], near) })
  return law(family.name, "a row of contexts is mapped as its context alone", cases, options, ({ z, parameters, rows }) => {
    const all = together({ ...parameters, z, [CONTEXT]: rows })
    for (let i = 0; i < ROWS; i++) {
      const one = apart({ ...parameters, z, [CONTEXT]: { shape: [context], data: rows.data.slice(i * context, (i + 1) * context) } })
      const room = (x: number): number => 64 * Number.EPSILON * (1 + Math.abs(x))
      one.value.data.forEach((v, j) => close(`row ${i}, component ${j}`, all.value.data[i * one.value.data.length + j]!, v, room(v)))
      close(`row ${i}, log-determinant`, all.logDet.data[i]!, one.logDet.data[0]!, room(one.logDet.data[0]!))
    }
  })
}

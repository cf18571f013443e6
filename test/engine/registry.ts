/** Programs of whatever is registered with the laws: what one of its kind computes, and its gradients, at random arguments. */
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import type { Guide } from "../../guides/index.ts"
import type { Bijector } from "../../src/bijector/index.ts"
import type { Distribution } from "../../src/distribution/index.ts"
import { sampleWithLogProb } from "../../src/distribution/distribution.ts"
import { range } from "../../src/graph/shape.ts"
import type { NDArray, Program, TypedArray } from "../../src/graph/types.ts"
import { stepOf } from "../../src/inference/step.ts"
import type { FlowContext, Learnable, Params, TensorParams } from "../../src/learnable/index.ts"
import { flatten, leaves, mapTree } from "../../src/learnable/index.ts"
import { keyOf } from "../../src/random/key.ts"
import { arrayOf } from "../../src/testing/arbitrary.ts"
import { chartOf } from "../../src/testing/chart.ts"
import type { Arrays, Tensors } from "../../src/testing/compiled.ts"
import { mapRecord } from "../../src/testing/compiled.ts"
import { anyMember } from "../../src/testing/family.ts"
import type { Family } from "../../src/testing/index.ts"
import { chart, drawnCases, membersOf } from "../../src/testing/members.ts"
import { leave, newAxis, sumOver, under } from "../../src/trace/axes.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { asTensor } from "../../src/trace/tensor.ts"
import { gradient, placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { offKnots } from "../laws/arbitraries.ts"

export type Inputs = Readonly<Record<string, TypedArray>>

export interface Subject {
  readonly program: Program
  readonly outputs: ReadonlyArray<string>
  readonly inputs: fc.Arbitrary<Inputs>
}

const near = fc.double({ min: -1, max: 1, noNaN: true })
const DRAWS = 5

/** Numbers that float32 holds, so that every engine is given the same. */
const single = ({ data }: NDArray): TypedArray => Float64Array.from(data, Math.fround)

/** The program of `f` at arrays like those that come of `cases`; what is drawn in it varies with the case. */
const subject = (cases: fc.Arbitrary<Arrays>, f: (inputs: Tensors) => Tensors): Subject => {
  const like = fc.sample(cases, { seed: 1, numRuns: 1 })[0]!
  const { program, outputs } = trace(() => {
    const named = f(mapRecord(like, ({ shape }, name) => placeholder(name, shape)))
    return { program: programOf(Object.values(named)), outputs: Object.keys(named) }
  }).result
  const inputs = fc.tuple(cases, fc.nat()).map(([arrays, lo]): Inputs => ({ ...mapRecord(arrays, single), key: Uint32Array.of(0, lo, 0) }))
  return { program, outputs, inputs }
}

const gradients = (of: string, scalar: tf.Tensor, inputs: Tensors): Tensors => {
  const names = Object.keys(inputs)
  const found = gradient(scalar, Object.values(inputs))
  return Object.fromEntries(found.map((g, i) => [`the gradient of ${of} by ${names[i]}`, g]))
}

/** Both directions, and their gradients. */
export const bijectorSubject = (family: Family<Bijector>): Subject => {
  const shape = anyMember(family, ({ domain }) => chartOf(domain).domain.shape)
  const cases = fc.tuple(family.parameters, arrayOf(shape, offKnots)).map(([parameters, z]): Arrays => ({ ...parameters, z }))
  return subject(cases, (inputs) => {
    const { z, ...parameters } = inputs
    const bijector = family.make(parameters)
    const there = bijector.forward(chartOf(bijector.domain).forward(z!).value)
    const back = bijector.inverse(there.value)
    return {
      value: there.value,
      logDet: there.logDet,
      inverse: back.value,
      "the inverse's logDet": back.logDet,
      ...gradients("forward", tf.add(tf.sum(there.value), there.logDet), inputs),
      ...gradients("inverse", tf.add(tf.sum(tf.square(back.value)), back.logDet), inputs)
    }
  })
}

/** The log density of a value, and its gradients. */
export const densitySubject = (family: Family<Distribution>): Subject => {
  const members = membersOf(family)
  const cases: fc.Arbitrary<Arrays> =
    members.kind === "real"
      ? fc.tuple(family.parameters, arrayOf(members.coordinates, offKnots)).map(([parameters, z]) => ({ ...parameters, z }))
      : drawnCases(members).map(({ parameters, value }) => ({ ...parameters, z: value }))
  return subject(cases, (inputs) => {
    const { z, ...parameters } = inputs
    const member = family.make(parameters)
    const logProb = member.logProb(members.kind === "real" ? chart(member).forward(z!).value : z!)
    return { "log density": logProb, ...gradients("the log density", logProb, members.kind === "real" ? inputs : parameters) }
  })
}

/** Draws, their log densities, and, of real ones, the gradients of both. */
export const drawSubject = (family: Family<Distribution>): Subject =>
  subject(family.parameters, (parameters) => {
    const member = family.make(parameters)
    const axis = newAxis("draw", DRAWS)
    return under(axis, () => {
      const { value, logProb } = sampleWithLogProb(member, noiseStream("draw"))
      const shown = { draws: leave(value, axis), "log densities": leave(logProb, axis) }
      return member.kind === "real" ? { ...shown, ...gradients("draws", sumOver(tf.sum(value), axis), parameters) } : shown
    })
  })

const moved = (params: Params): fc.Arbitrary<Params> =>
  fc
    .infiniteStream(near)
    .map((steps) => mapTree(params, ({ shape, data }) => ({ shape, data: data.map((v) => v + 0.3 * steps.next().value!) })))

/** What a learnable builds, as a family by its parameters and the context. */
export const builtBy = <A>(learnable: Learnable<A, FlowContext>, context = 0): Family<A> => {
  const start = learnable.init(keyOf(1))
  const parameters = moved(start).map((params): Arrays => Object.fromEntries(leaves(params).map(({ path, value }) => [path, value])))
  return {
    name: learnable.name,
    parameters: context === 0 ? parameters : fc.tuple(parameters, arrayOf([context], near)).map(([p, c]) => ({ ...p, context: c })),
    make: ({ context: given, ...params }) => learnable.build(mapTree(start, (_, path) => params[path]!) as TensorParams, given)
  }
}

/** One step of a fit to a density whose coordinates depend on each other: the draws, the objective, its gradient, the optimiser. */
export const stepSubject = (guide: Guide, size = 3, context = 0): Subject => {
  const shift = Float64Array.from(range(size), Math.cos)
  const scaleTril = Float64Array.from(range(size * size), (k) => (k % (size + 1) === 0 ? 1 : k % size < k / size ? 0.5 : 0))
  const flow = guide.flow({ shift, scaleTril }, context)
  const start: Params = { guide: flow.init(keyOf(1)), model: {} }
  const given = context === 0 ? undefined : Float64Array.from(range(context), Math.sin)
  const { program } = stepOf(start, DRAWS, ({ guide: params }) => {
    const base = noiseStream("base").normal([size])
    const { value, logDet } = flow.build(params, given === undefined ? undefined : asTensor(given)).forward(base)
    const centred = tf.sub(value, tf.sin(tf.sum(value)))
    return tf.sub(tf.add(logDet, tf.mul(0.5, tf.sum(tf.square(base)))), tf.sum(tf.square(centred)))
  })
  const inputs = fc.tuple(moved(start), fc.nat()).map(([params, lo]): Inputs => {
    const parameters = single({ shape: [], data: flatten(params) })
    const zeros = new Float64Array(parameters.length)
    const rate = Float64Array.of(Math.fround(1e-3))
    return { parameters, first: zeros, second: zeros, rate, count: Float64Array.of(1), key: Uint32Array.of(0, lo, 0) }
  })
  return { program, outputs: ["parameters", "first moment", "second moment", "summary"], inputs }
}

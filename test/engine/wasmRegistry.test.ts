/** The compiled engine is held to the reference on everything that is registered with the laws. */
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Engine, Executable } from "../../src/engine/engine.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import type { Program, TypedArray } from "../../src/graph/types.ts"
import { familyOf } from "../../src/testing/family.ts"
import { conditionsOf } from "../graph/perturbed.ts"
import { bijectors } from "../laws/bijectors.ts"
import { distributions } from "../laws/distributions.ts"
import { guides } from "../laws/guides.ts"
import { learnableDistributions, learnables } from "../laws/learnables.ts"
import { bijectorSubject, builtBy, densitySubject, drawSubject, stepSubject } from "./registry.ts"
import type { Inputs, Subject } from "./registry.ts"

const compile = (engine: Engine, program: Program): ((inputs: Inputs) => ReadonlyArray<TypedArray>) => {
  const executable: Executable = Effect.runSync(Effect.scoped(engine.compile(program)))
  return (inputs) => Effect.runSync(executable.run(inputs)).map((x): TypedArray => x.slice())
}

/** Functions are right to two units in the last place, four times the rounding of a sum or a product. */
const ROUNDINGS = 4
/** What a rounding moves a number by, relative to its size. */
const [FLOAT32, FLOAT64] = [2 ** -24, 2 ** -53]

/** The greatest size of the finite numbers, or 1. */
const scaleOf = (xs: TypedArray): number => Array.from(xs).reduce((size, x) => (Number.isFinite(x) ? Math.max(size, Math.abs(x)) : size), 1)

const agrees = ({ program, outputs, inputs }: Subject): void => {
  const exact = compile(reference(), program)
  const double = compile(wasm({ precision: "float64" }), program)
  const single = compile(wasm(), program)
  const conditions = conditionsOf(program)
  fc.assert(
    fc.property(inputs, (given) => {
      const expected = exact(given)
      const sizes = conditions(new Map(program.inputs.map(({ node, name, data }) => [node, given[name] ?? data!] as const)))
      const outside = (got: ReadonlyArray<TypedArray>, unit: number, relative: number) =>
        expected.flatMap((ys, k) => {
          const most = relative * scaleOf(ys)
          return Array.from(ys).flatMap((y, i) => {
            const received = got[k]![i]!
            const bound = Math.min(most, ROUNDINGS * unit * sizes[k]![i]!)
            const near = Object.is(received, y) || received === y || (Math.abs(received - y) <= bound && bound < Infinity)
            return near ? [] : [{ output: outputs[k], i, received, expected: y, bound }]
          })
        })
      expect(outside(double(given), FLOAT64, 1e-10), "float64").toEqual([])
      expect(outside(single(given), FLOAT32, 1), "float32").toEqual([])
    }),
    { seed: 13, numRuns: 5, endOnFailure: true }
  )
}

describe.each(Object.entries(bijectors))("%s", (_, subjects) => {
  test.each(subjects.map((s) => [s.name, s] as const))("%s: both directions and their gradients", (_, s) =>
    agrees(bijectorSubject(familyOf(s)))
  )
})

describe.each(Object.entries(learnables))("%s", (_, cases) => {
  test.each(cases.map(({ learnable, context = 0 }) => [learnable.name, context, learnable] as const))(
    "%s, context of %i: both directions and their gradients",
    (_, context, learnable) => agrees(bijectorSubject(builtBy(learnable, context)))
  )
})

describe.each(Object.entries(distributions))("%s", (_, cases) => {
  test.each(cases.map(({ subject }) => [subject.name, subject] as const))("%s: log density and its gradients", (_, s) =>
    agrees(densitySubject(familyOf(s)))
  )
  test.each(cases.filter(({ options }) => options?.improper !== true).map(({ subject }) => [subject.name, subject] as const))(
    "%s: draws",
    (_, s) => agrees(drawSubject(familyOf(s)))
  )
})

describe.each(learnableDistributions.map((d, i) => [i, d.name, d] as const))("learnable distribution %i, %s", (_, __, learnable) => {
  test("log density and its gradients", () => agrees(densitySubject(builtBy(learnable))))
  test("draws", () => agrees(drawSubject(builtBy(learnable))))
})

describe.each(Object.entries(guides))("%s", (_, cases) => {
  test.each(cases.map(({ guide, size = 3, context = 0 }) => [size, context, guide] as const))(
    "of %i, context of %i: a step of a fit",
    (size, context, guide) => agrees(stepSubject(guide, size, context))
  )
})

import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as B from "../../src/bijector/index.ts"
import type { Bijector } from "../../src/bijector/index.ts"
import { positive, real } from "../../src/constraint/index.ts"
import * as D from "../../src/distribution/index.ts"
import type { Distribution } from "../../src/distribution/index.ts"
import { learnableAffineCoupling } from "../../src/learnable/index.ts"
import { stopGradient } from "../../src/math/index.ts"
import {
  arbitraryOf,
  bijectorLaws,
  constraintLaws,
  distributionLaws,
  family,
  type Law,
  LawError,
  learnableLaws
} from "../../src/testing/index.ts"

/** What is said of the laws that do not hold, without the subject's name. */
const broken = (laws: ReadonlyArray<Law>): ReadonlyArray<string> =>
  laws.flatMap((law) => {
    try {
      law.run()
      return []
    } catch (error) {
      expect(error).toBeInstanceOf(LawError)
      return [law.name.slice(law.name.indexOf(": ") + 2)]
    }
  })

const scales = fc.double({ min: -1, max: 1, noNaN: true })
const locScale = fc.record({ loc: arbitraryOf(real, [], scales), scale: arbitraryOf(positive, [], scales) })
const normal = (change: (d: Distribution<"real">, loc: tf.Tensor, scale: tf.Tensor) => Partial<Distribution<"real">>) =>
  family({
    name: "faulty",
    parameters: locScale,
    make: ({ loc, scale }): Distribution<"real"> => ({ ...D.Normal(loc, scale), ...change(D.Normal(loc, scale), loc, scale) })
  })
const withDraws = <K extends D.Kind>(d: Distribution<K>, draws: Distribution<K>): Distribution<K> => ({ ...d, sample: draws.sample })

const exp = B.exp([2])
const affine = (make: (shift: tf.Tensor, scale: tf.Tensor) => Bijector) =>
  family({
    name: "faulty",
    parameters: fc.record({ shift: arbitraryOf(real, [], scales), scale: arbitraryOf(positive, [], scales) }),
    make: ({ shift, scale }) => make(shift, scale)
  })

describe("faults of bijectors", () => {
  it.each<[string, Parameters<typeof bijectorLaws>[0], string]>([
    [
      "the wrong sign of both log-determinants",
      {
        ...exp,
        forward: (x) => ({ value: tf.exp(x), logDet: tf.neg(tf.sum(x)) }),
        inverse: (y) => ({ value: tf.log(y), logDet: tf.sum(tf.log(y)) })
      },
      "the log-determinant is that of the Jacobian"
    ],
    [
      "the wrong sign of one",
      { ...exp, inverse: (y) => ({ value: tf.log(y), logDet: tf.sum(tf.log(y)) }) },
      "the log-determinants of the two directions are opposite"
    ],
    [
      "a log-determinant of the first component only",
      {
        ...exp,
        forward: (x) => ({ value: tf.exp(x), logDet: tf.sum(tf.slice(x, [0], [1])) }),
        inverse: (y) => ({ value: tf.log(y), logDet: tf.neg(tf.sum(tf.log(tf.slice(y, [0], [1])))) })
      },
      "the log-determinant is that of the Jacobian"
    ],
    ["another map back", { ...exp, inverse: (y) => ({ ...exp.inverse(y), value: tf.log1p(y) }) }, "inverse after forward is the identity"],
    ["a map that leaves its codomain", { ...B.elementwiseAffine([0, 0], 1), codomain: exp.codomain }, "its values lie in its codomain"],
    [
      "a scale that is clamped",
      affine((shift, scale) => B.elementwiseAffine(shift, tf.maximum(scale, 5))),
      "every parameter has a gradient by its value and log-determinant"
    ],
    [
      "a stopped gradient",
      affine((shift, scale) => B.elementwiseAffine(stopGradient(shift), scale)),
      "the gradients of its value and log-determinant are those of finite differences"
    ]
  ])("%s", (_, subject, law) => {
    expect(broken(bijectorLaws(subject))).toContain(law)
  })
})

describe("faults of distributions", () => {
  it.each<[string, Parameters<typeof distributionLaws>[0], string]>([
    [
      "HalfNormal without its log 2",
      { ...D.HalfNormal(1), logProb: (x) => tf.sub(D.HalfNormal(1).logProb(x), Math.LN2) },
      "its density integrates to one"
    ],
    ["a constant wrong by 1e-6", normal((d) => ({ logProb: (x) => tf.add(d.logProb(x), 1e-6) })), "its density integrates to one"],
    [
      "a density in more dimensions without its constant",
      { ...D.Dirichlet([1, 2, 3, 2]), logProb: (x) => tf.sub(D.Dirichlet([1, 2, 3, 2]).logProb(x), 1) },
      "its draws are as dense as its density says"
    ],
    ["a density beyond the support", { ...D.Exponential(1), logProb: (x) => tf.neg(x) }, "its density is 0 outside its support"],
    [
      "a variance taken for a scale",
      normal((_, loc, scale) => ({ sample: (noise) => tf.add(loc, tf.mul(tf.square(scale), noise.normal([]))) })),
      "means of its draws are those of its density"
    ],
    ["draws outside the support", { ...D.HalfNormal(1), sample: D.Normal(0, 1).sample }, "its draws lie in its support"],
    ["draws of another event shape", { ...D.Normal(0, 1), sample: D.Normal([0, 0], 1).sample }, "its draws lie in its support"],
    [
      "counts drawn as reals",
      { ...D.Poisson(2), sample: (noise) => tf.cast(D.Poisson(2).sample(noise), "float32") },
      "its draws lie in its support"
    ],
    [
      "counts that start at 1",
      withDraws(D.Poisson(2), { ...D.Poisson(2), sample: (noise) => tf.add(D.Poisson(2).sample(noise), tf.scalar(1, "int32")) }),
      "means of its draws are those of its density"
    ],
    ["correlations drawn too weak", withDraws(D.LKJCholesky(4, 1), D.LKJCholesky(4, 4)), "its draws are as dense as its density says"],
    [
      "a parameter stopped in the density",
      normal((_, loc, scale) => ({ logProb: (x) => D.Normal(loc, stopGradient(scale)).logProb(x) })),
      "the gradients of its log density are those of finite differences"
    ],
    [
      "a parameter stopped in the draw",
      normal((_, loc, scale) => ({ sample: (noise) => tf.add(stopGradient(loc), tf.mul(scale, noise.normal([]))) })),
      "every parameter has its gradient by its draws"
    ],
    [
      "a scale stopped in the draw",
      normal((_, loc, scale) => ({ sample: (noise) => tf.add(loc, tf.mul(stopGradient(scale), noise.normal([]))) })),
      "every parameter has its gradient by its draws"
    ],
    [
      "a scale that is clamped",
      family({ name: "faulty", parameters: locScale, make: ({ loc, scale }) => D.Normal(loc, tf.maximum(scale, 5)) }),
      "every parameter has a gradient by its log density"
    ],
    [
      "gamma draws without the implicit gradient of their shape",
      family({
        name: "faulty",
        parameters: fc.record({ shape: arbitraryOf(positive, [], scales) }),
        make: ({ shape }) => withDraws(D.Gamma(shape, 1), D.Gamma(stopGradient(shape), tf.div(shape, stopGradient(shape))))
      }),
      "every parameter has its gradient by its draws"
    ],
    [
      "a survival function that is the distribution function",
      normal((d) => ({ cumulative: { ...d.cumulative!, logSurvival: d.cumulative!.logCdf } })),
      "P(X ≤ x) + P(X > x) = 1"
    ],
    [
      "a quantile of the other tail",
      normal((d) => ({ cumulative: { ...d.cumulative!, quantile: d.cumulative!.upperQuantile } })),
      "its quantiles invert its distribution functions"
    ],
    [
      "a joint draw with the wrong sign of the log-determinant",
      {
        ...D.Transformed(D.Normal(0, 1), B.exp()),
        sampleWithLogProb: (noise) => {
          const { value, logProb } = D.sampleWithLogProb(D.Normal(0, 1), noise)
          return { value: tf.exp(value), logProb: tf.add(logProb, value) }
        }
      },
      "a draw's log density is that of its value"
    ]
  ])("%s", (_, subject, law) => {
    expect(broken(distributionLaws(subject))).toContain(law)
  })
})

describe("faults of constraints and learnables", () => {
  it("an outside that differs from the violation", () => {
    expect(broken(constraintLaws({ ...positive, outside: (x) => tf.lessEqual(x, 1) }))).toContain("tensors are outside where numbers are")
  })
  it("a bijection onto something else", () => {
    expect(broken(constraintLaws({ ...positive, bijector: () => B.identity() }))).toContain("what it admits violates nothing")
  })
  it("parameters that start differently each time, and a context that is not used", () => {
    const coupling = learnableAffineCoupling({ size: 2, context: 1, hidden: [2], activation: "tanh", outputScale: 1 })
    let n = 0
    expect(broken(learnableLaws({ ...coupling, init: (key) => coupling.init({ ...key, lo: n++ }) }, { context: 1 }))).toContain(
      "its parameters start as a function of the key"
    )
    const ignoring = { ...coupling, build: (params: Parameters<typeof coupling.build>[0]) => coupling.build(params, tf.zeros([1])) }
    expect(broken(learnableLaws(ignoring, { context: 1 }))).toContain("every parameter has a gradient by its value and log-determinant")
  })
})

it("a broken law names itself, the counterexample and the cause", () => {
  const laws = distributionLaws({ ...D.HalfNormal(1), logProb: (x) => tf.sub(D.HalfNormal(1).logProb(x), Math.LN2) })
  const integral = laws.find(({ name }) => name.endsWith("integrates to one"))!
  let error: unknown
  try {
    integral.run()
  } catch (thrown) {
    error = thrown
  }
  expect(error).toBeInstanceOf(LawError)
  expect((error as LawError).message).toMatch(/HalfNormal: "its density integrates to one" does not hold\.[^]*Counterexample/)
  expect(((error as LawError).cause as Error).message).toMatch(/the integral is 0\.(5|49999)\d*, expected 1 within/)
})

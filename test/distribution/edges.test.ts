import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, it } from "vitest"
import { exp } from "../../src/bijector/index.ts"
import { positive } from "../../src/constraint/index.ts"
import {
  Bernoulli,
  Beta,
  Binomial,
  Categorical,
  Cauchy,
  Dirichlet,
  Exponential,
  Flat,
  Gamma,
  HalfCauchy,
  HalfNormal,
  ImproperUniform,
  InverseGamma,
  LKJCholesky,
  LogNormal,
  Mixture,
  MultivariateNormal,
  NegativeBinomial,
  Normal,
  Poisson,
  StudentT,
  Transformed,
  Truncated,
  Uniform
} from "../../src/distribution/index.ts"
import type { Distribution } from "../../src/distribution/index.ts"
import { ArgumentError, ShapeError } from "../../src/errors.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import type { Numeric } from "../../src/trace/tensor.ts"
import { gradient } from "../../src/trace/trace.ts"

/** log p(x) and its gradients in x and the parameters, in float64. */
const at = (make: (...parameters: ReadonlyArray<tf.Tensor>) => Distribution, parameters: ReadonlyArray<number>, x: number) => {
  const [logProb, ...gradients] = evaluate(
    (value, ...tensors) => {
      const lp = make(...tensors).logProb(value!)
      return [lp, ...gradient(lp, [value!, ...tensors])]
    },
    [x, ...parameters].map((v) => ({ shape: [], data: Float64Array.of(v) }))
  )
  return { logProb: logProb!.data[0]!, gradients: gradients.map((g) => g.data[0]!) }
}

const logProb = (d: Distribution, value: Numeric): number => evaluate(() => d.logProb(tf.tensor(value as number)), [])[0]!.data[0]!

describe("outside the support the density is −∞ and no gradient is NaN", () => {
  const cases: ReadonlyArray<[string, (...p: ReadonlyArray<tf.Tensor>) => Distribution, ReadonlyArray<number>, ReadonlyArray<number>]> = [
    ["LogNormal", (m, s) => LogNormal(m!, s!), [0, 1], [0, -1]],
    ["HalfNormal", (s) => HalfNormal(s!), [1], [-1e-3]],
    ["HalfCauchy", (s) => HalfCauchy(s!), [1], [-5]],
    ["Exponential", (r) => Exponential(r!), [2], [-1e-9]],
    ["Gamma", (a, b) => Gamma(a!, b!), [2, 1], [0, -3]],
    ["InverseGamma", (a, b) => InverseGamma(a!, b!), [2, 1], [0, -3]],
    ["Beta", (a, b) => Beta(a!, b!), [2, 1], [-0.1, 1.5]],
    ["Uniform", (a, b) => Uniform(a!, b!), [0, 2], [-0.1, 2.5]],
    ["Bernoulli", (l) => Bernoulli(l!), [0.3], [-1, 2, 0.5]],
    ["Binomial", (l) => Binomial(5, l!), [0.3], [-1, 6, 2.5]],
    ["Poisson", (r) => Poisson(r!), [3], [-1, 1.5]],
    ["NegativeBinomial", (m, c) => NegativeBinomial(m!, c!), [3, 2], [-1, 1.5]],
    ["Truncated", (m, s, a, b) => Truncated(Normal(m!, s!), { low: a!, high: b! }), [0, 1, -1, 2], [-1.5, 2.5]],
    ["Transformed", (m) => Transformed(Normal(m!, 1), exp()), [0.5], [-1, 0]],
    ["Mixture", (l) => Mixture(tf.stack([l!, tf.scalar(1)]), [Exponential(1), Gamma(2, 1)]), [0.5], [-1]]
  ]
  it.each(cases)("%s", (_, make, parameters, values) => {
    for (const x of values) {
      const { logProb, gradients } = at(make, parameters, x)
      expect(logProb).toBe(-Infinity)
      expect(gradients.every(Number.isFinite), `gradients ${gradients.join(", ")}`).toBe(true)
    }
  })

  it("of vectors, if any component is outside", () => {
    expect(logProb(Exponential([1, 2]), [1, -1])).toBe(-Infinity)
    expect(logProb(Dirichlet([1, 2]), [0.5, 0.6])).toBe(-Infinity)
    expect(logProb(Dirichlet([1, 2]), [-0.5, 1.5])).toBe(-Infinity)
    expect(
      logProb(LKJCholesky(2, 1), [
        [1, 0],
        [0.6, 0.9]
      ])
    ).toBe(-Infinity)
    expect(
      logProb(LKJCholesky(2, 1), [
        [1, 0],
        [0.6, -0.8]
      ])
    ).toBe(-Infinity)
    expect(logProb(ImproperUniform(positive, [2]), [3, -1])).toBe(-Infinity)
    expect(logProb(Categorical([0, 1, 2]), 3)).toBe(-Infinity)
    expect(logProb(Categorical([0, 1, 2]), -1)).toBe(-Infinity)
  })
})

it.each<[string, Distribution]>([
  ["Normal", Normal(0, 1)],
  ["LogNormal", LogNormal(0, 1)],
  ["HalfNormal", HalfNormal(1)],
  ["StudentT", StudentT(3, 0, 1)],
  ["Cauchy", Cauchy(0, 1)],
  ["HalfCauchy", HalfCauchy(1)],
  ["Exponential", Exponential(1)],
  ["Gamma", Gamma(1, 1)],
  ["InverseGamma", InverseGamma(1, 1)],
  ["Beta", Beta(1, 1)],
  ["Bernoulli", Bernoulli(0)],
  ["Binomial", Binomial(3, 0)],
  ["Poisson", Poisson(1)],
  ["NegativeBinomial", NegativeBinomial(1, 1)],
  ["Categorical", Categorical([0, 1])],
  ["Mixture", Mixture([0, 0], [Exponential(1), Exponential(2)])]
])("%s does not hide a NaN", (_, d) => {
  expect(logProb(d, NaN)).toBeNaN()
})

describe("the ends of the support", () => {
  it("of Beta", () => {
    expect(logProb(Beta(1, 3), 0)).toBeCloseTo(Math.log(3), 14)
    expect(logProb(Beta(4, 1), 1)).toBeCloseTo(Math.log(4), 14)
    expect(logProb(Beta(2, 3), 0)).toBe(-Infinity)
    expect(logProb(Beta(0.5, 3), 0)).toBe(Infinity)
  })
  it("of Dirichlet", () => {
    expect(logProb(Dirichlet([1, 2]), [0, 1])).toBeCloseTo(Math.log(2), 14)
    expect(logProb(Dirichlet([1, 1, 1]), [0, 1, 0])).toBeCloseTo(Math.log(2), 14)
  })
  it("of Exponential and the halves", () => {
    expect(logProb(Exponential(3), 0)).toBeCloseTo(Math.log(3), 14)
    expect(logProb(HalfNormal(1), 0)).toBeCloseTo(Math.log(Math.sqrt(2 / Math.PI)), 14)
  })
  it("of Poisson, at rate 0 too", () => {
    expect(logProb(Poisson(0), 0)).toBe(-0)
    expect(logProb(Poisson(0), 2)).toBe(-Infinity)
    expect(at((r) => Poisson(r!), [0], 0).gradients[1]).toBe(-1)
  })
  it("of Truncated(Exponential) and Truncated(LogNormal), whose lower bound is the base's", () => {
    expect(Truncated(Exponential(1), { high: 2 }).support.name).toBe("interval(0, 2)")
    expect(logProb(Truncated(Exponential(1), { high: 2 }), 1)).toBeCloseTo(-1 - Math.log(-Math.expm1(-2)), 14)
    expect(logProb(Truncated(LogNormal(0, 1), { high: 1 }), 0.5)).toBeCloseTo(logProb(LogNormal(0, 1), 0.5) + Math.log(2), 13)
    expect(Truncated(Exponential(1), { low: 2 }).support.name).toBe("greaterThan(2)")
  })
  it("of Truncated(Exponential) from 0 on", () => {
    const { logProb, gradients } = at((r) => Truncated(Exponential(r!), { low: 0, high: 3 }), [1.5], 2)
    expect(logProb).toBeCloseTo(Math.log(1.5) - 3 - Math.log(-Math.expm1(-4.5)), 14)
    expect(gradients[1]).toBeCloseTo(1 / 1.5 - 2 - (3 * Math.exp(-4.5)) / -Math.expm1(-4.5), 14)
  })
})

describe("values", () => {
  it("of discrete distributions are integers, booleans or floats", () => {
    expect(Bernoulli(0.3).logProb(tf.scalar(true, "bool")).dataSync()[0]).toBe(
      Bernoulli(0.3).logProb(tf.scalar(1, "float32")).dataSync()[0]
    )
    expect(Poisson(3).logProb(tf.scalar(2, "int32")).dataSync()[0]).toBe(Poisson(3).logProb(tf.scalar(2)).dataSync()[0])
  })
  it("are one event: the log density is the sum over it", () => {
    expect(logProb(Normal([0, 1], 2), [0.3, 0.7])).toBeCloseTo(logProb(Normal(0, 2), 0.3) + logProb(Normal(1, 2), 0.7), 14)
    expect(
      logProb(
        Categorical([
          [0, 1],
          [2, 0]
        ]),
        [1, 0]
      )
    ).toBeCloseTo(logProb(Categorical([0, 1]), 1) + logProb(Categorical([2, 0]), 0), 14)
    expect(Normal([0, 1], [[1], [2], [3]]).eventShape).toEqual([3, 2])
  })
  it("are never broadcast", () => {
    expect(() => Normal(0, 1).logProb(tf.tensor([1, 2]))).toThrow(ShapeError)
    expect(() => Normal(0, 1).logProb(tf.tensor([1, 2]))).toThrow(/Normal\.logProb: expected shape \[\].*got \[2\]/)
    expect(() => Normal([0, 1], 1).logProb(tf.scalar(1))).toThrow(/expected shape \[2\].*got \[\]/)
    expect(() => Mixture([0, 0], [Normal(0, 1), Normal(1, 1)]).logProb(tf.tensor([1]))).toThrow(ShapeError)
    expect(() =>
      MultivariateNormal(
        [0, 1],
        [
          [1, 0],
          [0, 1]
        ]
      ).logProb(tf.scalar(1))
    ).toThrow(ShapeError)
  })
})

describe("arguments out of range are errors when the distribution is made", () => {
  it.each<[string, () => Distribution]>([
    ["Normal.scale", () => Normal(0, -1)],
    ["Normal.scale", () => Normal(0, [1, 0])],
    ["Normal.loc", () => Normal(NaN, 1)],
    ["Normal.loc", () => Normal(Infinity, 1)],
    ["StudentT.df", () => StudentT(0, 0, 1)],
    ["Exponential.rate", () => Exponential(-1)],
    ["Gamma.shape", () => Gamma(0, 1)],
    ["Uniform.low", () => Uniform(-Infinity, 1)],
    ["interval.upper", () => Uniform(1, 1)],
    ["Poisson.rate", () => Poisson(-1)],
    ["Binomial.totalCount", () => Binomial(2.5, 0)],
    ["Dirichlet.concentration", () => Dirichlet([1, -1])],
    ["Categorical.logits", () => Categorical([0, NaN])],
    [
      "MultivariateNormal.scaleTril",
      () =>
        MultivariateNormal(
          [0, 0],
          [
            [1, 0],
            [1, -1]
          ]
        )
    ],
    ["LKJCholesky.dimension", () => LKJCholesky(1, 1)],
    ["LKJCholesky.concentration", () => LKJCholesky(2, 0)],
    ["Mixture.components", () => Mixture([], [])],
    ["Mixture.components", () => Mixture([0, 0], [Normal(0, 1), Exponential(1)])],
    ["Truncated.base", () => Truncated(Gamma(1, 1), { low: 1 })],
    ["Truncated.bounds", () => Truncated(Normal(0, 1), {})],
    ["Truncated.low", () => Truncated(Exponential(1), { low: -1 })],
    ["Truncated.high", () => Truncated(Uniform(0, 1), { low: 0.5, high: 2 })],
    ["Truncated.bounds", () => Truncated(Uniform(0, 1), { low: 0.5 })],
    ["interval.upper", () => Truncated(Normal(0, 1), { low: 2, high: 1 })]
  ])("%s", (argument, make) => {
    expect(make).toThrow(ArgumentError)
    expect(make).toThrow(argument)
  })
  it.each<[string, () => Distribution]>([
    ["Normal(loc, scale)", () => Normal([0, 1], [1, 2, 3])],
    [
      "MultivariateNormal.loc",
      () =>
        MultivariateNormal(
          [0, 1, 2],
          [
            [1, 0],
            [0, 1]
          ]
        )
    ],
    ["MultivariateNormal.scaleTril", () => MultivariateNormal(0, [1, 2])],
    ["Mixture.logits", () => Mixture([0], [Normal(0, 1), Normal(1, 1)])],
    ["Mixture.components", () => Mixture([0, 0], [Normal(0, 1), Normal([0, 1], 1)])],
    ["Truncated.low", () => Truncated(Normal(0, 1), { low: [0, 1] })],
    ["Transformed(Normal, exp)", () => Transformed(Normal([0, 1], 1), exp())],
    ["Dirichlet.concentration", () => Dirichlet(1)],
    ["Categorical.logits", () => Categorical(1)]
  ])("%s", (where, make) => {
    expect(make).toThrow(ShapeError)
    expect(make).toThrow(where)
  })
})

describe("improper priors", () => {
  it("have log density 0 and no draws", () => {
    expect(logProb(Flat(), 3)).toBe(0)
    expect(logProb(ImproperUniform(positive, [2]), [3, 1])).toBe(0)
    const noise = { uniform: () => tf.scalar(0.5), normal: () => tf.scalar(0) }
    expect(() => ImproperUniform(positive).sample(noise)).toThrow(/improper prior on positive/)
    expect(() => Flat([2]).logProb(tf.scalar(1))).toThrow(ShapeError)
  })
})

it("a forbidden category has no mass and no NaN gradient", () => {
  const [lp, g] = evaluate(
    (logits) => {
      const lp = Categorical(logits!).logProb(tf.scalar(2, "int32"))
      return [lp, gradient(lp, [logits!])[0]!]
    },
    [{ shape: [3], data: Float64Array.of(0, -Infinity, 0) }]
  )
  expect(lp!.data[0]).toBeCloseTo(-Math.log(2), 15)
  expect(Array.from(g!.data)).toEqual([-0.5, 0, 0.5])
  expect(logProb(Categorical([0, -Infinity, 0]), 1)).toBe(-Infinity)
})

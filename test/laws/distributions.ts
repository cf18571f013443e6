import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import * as B from "../../src/bijector/index.ts"
import { corrCholesky, ordered, positive, simplex } from "../../src/constraint/index.ts"
import * as D from "../../src/distribution/index.ts"
import type { Distribution } from "../../src/distribution/index.ts"
import { type DistributionLawOptions, family, type Family } from "../../src/testing/index.ts"
import { knots, offKnots, positives, reals, triangles } from "./arbitraries.ts"

export interface Registered {
  readonly subject: Distribution | Family<Distribution>
  readonly options?: DistributionLawOptions
}

/** Exports that make no distribution. */
export const others = ["sampleWithLogProb"] as const

const of = (...subjects: ReadonlyArray<Registered["subject"]>): ReadonlyArray<Registered> => subjects.map((subject) => ({ subject }))
const improper = (...subjects: ReadonlyArray<Distribution>): ReadonlyArray<Registered> =>
  subjects.map((subject) => ({ subject, options: { improper: true } }))

/** Every distribution that is exported, at random parameters. */
export const distributions: Readonly<Record<Exclude<keyof typeof D, (typeof others)[number]>, ReadonlyArray<Registered>>> = {
  Bernoulli: of(family({ name: "Bernoulli", parameters: fc.record({ logits: reals() }), make: ({ logits }) => D.Bernoulli(logits) })),
  Beta: of(
    // below 1 there is mass that float64 can't tell from 1
    family({ name: "Beta", parameters: fc.record({ a: positives(), b: positives([], [0.9, 6]) }), make: ({ a, b }) => D.Beta(a, b) })
  ),
  Binomial: of(
    family({ name: "Binomial(1)", parameters: fc.record({ logits: reals() }), make: ({ logits }) => D.Binomial(1, logits) }),
    family({ name: "Binomial(30)", parameters: fc.record({ logits: reals() }), make: ({ logits }) => D.Binomial(30, logits) })
  ),
  Categorical: of(
    family({ name: "Categorical", parameters: fc.record({ logits: reals([4]) }), make: ({ logits }) => D.Categorical(logits) })
  ),
  Cauchy: of(
    family({ name: "Cauchy", parameters: fc.record({ loc: reals(), scale: positives() }), make: ({ loc, scale }) => D.Cauchy(loc, scale) })
  ),
  ConditionalTransformed: of(
    family({
      name: "ConditionalTransformed",
      parameters: fc.record({ context: reals() }),
      make: ({ context }) => D.ConditionalTransformed(D.Normal(0, 1), (c) => B.elementwiseAffine(c, tf.exp(tf.sin(c)))).condition(context)
    })
  ),
  Dirichlet: of(
    family({ name: "Dirichlet [2]", parameters: fc.record({ a: positives([2], [0.9, 5]) }), make: ({ a }) => D.Dirichlet(a) }),
    family({ name: "Dirichlet [3]", parameters: fc.record({ a: positives([3], [0.9, 5]) }), make: ({ a }) => D.Dirichlet(a) }),
    family({ name: "Dirichlet [4]", parameters: fc.record({ a: positives([4], [0.9, 5]) }), make: ({ a }) => D.Dirichlet(a) })
  ),
  Exponential: of(family({ name: "Exponential", parameters: fc.record({ rate: positives() }), make: ({ rate }) => D.Exponential(rate) })),
  Flat: improper(D.Flat(), D.Flat([2])),
  Gamma: of(
    family({
      name: "Gamma",
      parameters: fc.record({ shape: positives(), rate: positives() }),
      make: ({ shape, rate }) => D.Gamma(shape, rate)
    })
  ),
  HalfCauchy: of(family({ name: "HalfCauchy", parameters: fc.record({ scale: positives() }), make: ({ scale }) => D.HalfCauchy(scale) })),
  HalfNormal: of(family({ name: "HalfNormal", parameters: fc.record({ scale: positives() }), make: ({ scale }) => D.HalfNormal(scale) })),
  ImproperUniform: improper(
    D.ImproperUniform(positive),
    D.ImproperUniform(ordered, [3]),
    D.ImproperUniform(simplex, [3]),
    D.ImproperUniform(corrCholesky, [2, 2])
  ),
  InverseGamma: of(
    family({
      name: "InverseGamma",
      parameters: fc.record({ shape: positives(), scale: positives() }),
      make: ({ shape, scale }) => D.InverseGamma(shape, scale)
    })
  ),
  LKJCholesky: of(
    family({
      name: "LKJCholesky(2)",
      parameters: fc.record({ concentration: positives([], [0.9, 6]) }),
      make: ({ concentration }) => D.LKJCholesky(2, concentration)
    }),
    family({
      name: "LKJCholesky(4)",
      parameters: fc.record({ concentration: positives([], [0.9, 6]) }),
      make: ({ concentration }) => D.LKJCholesky(4, concentration)
    })
  ),
  LogNormal: of(
    family({
      name: "LogNormal",
      parameters: fc.record({ loc: reals(), scale: positives() }),
      make: ({ loc, scale }) => D.LogNormal(loc, scale)
    })
  ),
  Mixture: of(
    family({
      name: "Mixture of normals",
      parameters: fc.record({ logits: reals([2]), loc: reals(), scale: positives() }),
      make: ({ logits, loc, scale }) => D.Mixture(logits, [D.Normal(loc, scale), D.Cauchy(1, scale)])
    }),
    family({
      name: "Mixture of vectors",
      parameters: fc.record({ logits: reals([2]), loc: reals([2]) }),
      make: ({ logits, loc }) => D.Mixture(logits, [D.Normal(loc, 1), D.Normal([1, 2], 0.5)])
    }),
    family({
      name: "Mixture of counts",
      parameters: fc.record({ logits: reals([2]), rate: positives() }),
      make: ({ logits, rate }) => D.Mixture(logits, [D.Poisson(rate), D.NegativeBinomial(8, 3)])
    })
  ),
  MultivariateNormal: of(
    family({
      name: "MultivariateNormal",
      parameters: fc.record({ loc: reals([2]), L: triangles(2) }),
      make: ({ loc, L }) => D.MultivariateNormal(loc, positiveTriangle(L))
    }),
    family({
      name: "MultivariateNormal in three dimensions",
      parameters: fc.record({ loc: reals(), L: triangles(3) }),
      make: ({ loc, L }) => D.MultivariateNormal(loc, positiveTriangle(L))
    })
  ),
  NegativeBinomial: of(
    family({
      name: "NegativeBinomial",
      parameters: fc.record({ mean: positives(), concentration: positives() }),
      make: (p) => D.NegativeBinomial(p.mean, p.concentration)
    })
  ),
  Normal: of(
    family({
      name: "Normal",
      parameters: fc.record({ loc: reals(), scale: positives([], [1e-3, 1e3]) }),
      make: ({ loc, scale }) => D.Normal(loc, scale)
    }),
    family({
      name: "Normal, a vector",
      parameters: fc.record({ loc: reals([2]), scale: positives() }),
      make: ({ loc, scale }) => D.Normal(loc, scale)
    })
  ),
  Poisson: of(family({ name: "Poisson", parameters: fc.record({ rate: positives([], [1e-2, 40]) }), make: ({ rate }) => D.Poisson(rate) })),
  StudentT: of(
    family({
      name: "StudentT",
      parameters: fc.record({ df: positives([], [0.7, 40]), loc: reals(), scale: positives() }),
      make: ({ df, loc, scale }) => D.StudentT(df, loc, scale)
    })
  ),
  Transformed: of(
    family({
      name: "Transformed by exp",
      parameters: fc.record({ loc: reals(), scale: positives() }),
      make: ({ loc, scale }) => D.Transformed(D.Normal(loc, scale), B.exp())
    }),
    family({
      name: "Transformed twice",
      parameters: fc.record({ shift: reals([2]), L: triangles(2) }),
      make: ({ shift, L }) => D.Transformed(D.Transformed(D.Normal([0, 0], 1), B.triangularAffine(shift, lower(L))), B.toOrdered([2]))
    })
  ).concat({
    subject: family({
      name: "Transformed by a spline",
      parameters: fc.record({ raw: knots([1, 23]) }),
      make: ({ raw }) => D.Transformed(D.Normal([0], 1), B.rationalQuadraticSpline(raw))
    }),
    options: { numbers: offKnots }
  }),
  Truncated: of(
    family({
      name: "Truncated normal",
      parameters: fc.record({ loc: reals(), scale: positives(), low: reals(), width: positives() }),
      make: ({ loc, scale, low, width }) => D.Truncated(D.Normal(loc, scale), { low, high: tf.add(low, width) })
    }),
    family({
      name: "Truncated normal tail",
      parameters: fc.record({ low: positives([], [3, 40]) }),
      make: ({ low }) => D.Truncated(D.Normal(0, 1), { low })
    }),
    family({
      name: "Truncated Cauchy",
      parameters: fc.record({ loc: reals(), scale: positives(), high: reals() }),
      make: ({ loc, scale, high }) => D.Truncated(D.Cauchy(loc, scale), { high })
    }),
    family({
      name: "Truncated exponential",
      parameters: fc.record({ rate: positives(), width: positives() }),
      make: ({ rate, width }) => D.Truncated(D.Exponential(rate), { low: 0.5, high: tf.add(0.5, width) })
    }),
    family({
      name: "Truncated log-normal",
      parameters: fc.record({ scale: positives() }),
      make: ({ scale }) => D.Truncated(D.LogNormal(0, scale), { low: 0.2, high: 5 })
    })
  ),
  Uniform: of(
    family({
      name: "Uniform",
      parameters: fc.record({ below: positives(), above: positives() }),
      make: ({ below, above }) => D.Uniform(tf.neg(below), above)
    })
  )
}

/** A matrix of which only the lower triangle can move. */
function lower(L: tf.Tensor): tf.Tensor {
  const n = L.shape[0]!
  return tf.mul(L, tf.tensor2d(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (j <= i ? 1 : 0)))))
}

/** The lower triangle with the sizes of its diagonal. */
function positiveTriangle(L: tf.Tensor): tf.Tensor {
  return tf.where(tf.equal(tf.eye(L.shape[0]!), 1), tf.abs(L), lower(L))
}

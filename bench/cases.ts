/** The steps that systems are timed by. */
import * as tf from "@tensorflow/tfjs-core"
import type { Guide, Model } from "pushforward"
import { model, observe, plate, sample } from "pushforward"
import { Bernoulli, Normal } from "pushforward/distributions"
import { amortised, fullRank, neuralSplineFlow, realNVP } from "pushforward/guides"
import { eightSchools, eightSchoolsNoncentered, schools } from "../models/eightSchools.ts"
import { textbookRealNVP } from "../models/gallery/textbook.ts"
import { garch } from "../models/garch.ts"
import { hmm } from "../models/hmm.ts"
import { range } from "../src/graph/shape.ts"
import { normals, uniforms } from "../src/random/draws.ts"
import { keyOf } from "../src/random/key.ts"
import { amortisedStep, elboStep, type Gradient, type Step } from "./programs.ts"

export interface Case {
  readonly name: string
  readonly step: () => Step
  /** What the peers build the same step from, beside its parameters; without it none has it. */
  readonly peer?: Peer
}

/** A guide and a target that peers know by name. */
export interface Peer {
  readonly guide: "RealNVP" | "neural spline flow" | "full rank" | "amortised RealNVP"
  readonly target: "banana" | "funnel" | "eight schools" | "logistic regression" | "HMM" | "GARCH" | "simulated eight schools"
  readonly dimension: number
  readonly draws: number
  /** Of the ELBO; without it, the objective is the guide's log density at what the target simulates. */
  readonly gradient?: Gradient
  readonly scale: number
  readonly data: Readonly<Record<string, unknown>>
}

export const banana = model(function* () {
  const a = yield* sample("a", Normal(0, 1))
  yield* sample("b", Normal(tf.square(a), 0.5))
})

const funnel = model(function* () {
  const v = yield* sample("v", Normal(0, 1))
  yield* sample("x", Normal(tf.zeros([9]), tf.exp(tf.mul(v, 0.5))))
})

export interface Rows {
  readonly x: ReadonlyArray<ReadonlyArray<number>>
  readonly y: ReadonlyArray<number>
}

export const rowsOf = (count: number, predictors: number): Rows => {
  const x = normals(keyOf(1), count * predictors)
  const u = uniforms(keyOf(2), count)
  return {
    x: range(count).map((i) => [...x.subarray(i * predictors, (i + 1) * predictors)]),
    y: range(count).map((i) => (u[i]! < 1 / (1 + Math.exp(-x[i * predictors]!)) ? 1 : 0))
  }
}

export const logisticRegression = model(function* (rows: Rows, subsample?: number) {
  const beta = yield* sample("beta", Normal(tf.zeros([rows.x[0]!.length]), 2.5))
  yield* plate(
    "row",
    rows,
    function* (row) {
      yield* observe("y", Bernoulli(tf.dot(row.x, beta)), row.y)
    },
    subsample === undefined ? {} : { subsample }
  )
})

/** RealNVP in two dimensions, of 8 couplings. */
export const plainRealNVP = (hidden: number, couplings = 8): Guide => ({
  name: "RealNVP",
  flow: () => textbookRealNVP({ size: 2, couplings, hidden: [hidden, hidden], outputScale: 0.1, logScale: (raw) => tf.tanh(raw) })
})

interface Fit {
  readonly name: string
  readonly model: Model<unknown, unknown>
  readonly guide: Guide
  readonly draws: number
  readonly scale?: number
  readonly peer?: Pick<Peer, "guide" | "target" | "dimension" | "data">
}

/** A fit by both of its gradients. */
const fits = ({ name, model, guide, draws, scale = 1, peer }: Fit): ReadonlyArray<Case> =>
  (["plain", "path"] as const).map((gradient) => ({
    name: `${name}, ${gradient}`,
    step: () => elboStep(model, guide, { draws, gradient, scale }),
    ...(peer === undefined ? {} : { peer: { ...peer, draws, gradient, scale } })
  }))

const flowOnBanana = (hidden: number, draws: number): ReadonlyArray<Case> =>
  fits({
    name: `RealNVP ${hidden} × ${draws}`,
    model: banana(),
    guide: plainRealNVP(hidden),
    draws,
    peer: { guide: "RealNVP", target: "banana", dimension: 2, data: {} }
  })

const rows = rowsOf(10_000, 20)
const batch = 512
const shocks = [...normals(keyOf(4), 200)]
const switching = shocks.map((z, i) => z + (i % 20 < 10 ? 3 : 10))
const returns = { y: shocks, sigma1: 1 }

export const largeName = "RealNVP 128 × 1024, plain"

export const cases: ReadonlyArray<Case> = [
  ...flowOnBanana(32, 256),
  ...flowOnBanana(128, 1024),
  ...fits({
    name: "spline flow, 10-D, 5 layers",
    model: funnel(),
    guide: neuralSplineFlow({ couplings: 5 }),
    draws: 256,
    peer: { guide: "neural spline flow", target: "funnel", dimension: 10, data: {} }
  }),
  ...fits({
    name: "eight schools, spline flow",
    model: eightSchools(schools),
    guide: neuralSplineFlow(),
    draws: 64,
    peer: { guide: "neural spline flow", target: "eight schools", dimension: 10, data: schools }
  }),
  ...fits({
    name: "logistic regression 10,000 × 20",
    model: logisticRegression(rows),
    guide: fullRank(),
    draws: 64,
    scale: 0.1,
    peer: { guide: "full rank", target: "logistic regression", dimension: 20, data: { ...rows } }
  }),
  ...fits({
    name: "HMM, T = 200",
    model: hmm(switching),
    guide: neuralSplineFlow(),
    draws: 64,
    peer: { guide: "neural spline flow", target: "HMM", dimension: 4, data: { y: switching } }
  }),
  ...fits({
    name: "GARCH, T = 200",
    model: garch(returns),
    guide: neuralSplineFlow(),
    draws: 64,
    peer: { guide: "neural spline flow", target: "GARCH", dimension: 4, data: returns }
  }),
  {
    name: `amortised RealNVP, batch ${batch}`,
    step: () =>
      amortisedStep(
        eightSchoolsNoncentered({ sigma: schools.sigma }),
        amortised(realNVP()),
        { observed: ["y"], inputs: ["sigma"] },
        16,
        batch
      ),
    peer: {
      guide: "amortised RealNVP",
      target: "simulated eight schools",
      dimension: 10,
      draws: batch,
      scale: 1,
      data: { sigma: schools.sigma }
    }
  }
]

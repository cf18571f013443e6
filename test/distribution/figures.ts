/** The figures of figures.py, and the distributions they are of. */
import type * as tf from "@tensorflow/tfjs-core"
import { readFileSync } from "node:fs"
import * as distributions from "../../src/distribution/index.ts"
import type { Distribution } from "../../src/distribution/index.ts"
import type { NDArray } from "../../src/graph/types.ts"

type Numbers = number | "Infinity" | "-Infinity" | ReadonlyArray<Numbers>

interface Raw {
  readonly distribution: string
  readonly parameters: Readonly<Record<string, Numbers>>
  readonly value: Numbers
  readonly logProb: number
  readonly gradient: Readonly<Record<string, Numbers>>
}

export interface Figure {
  readonly title: string
  readonly distribution: string
  /** The finite parameters, in the constructor's order. */
  readonly parameters: Readonly<Record<string, NDArray>>
  readonly value: NDArray
  readonly logProb: number
  /** By the name of a parameter, or `value`. */
  readonly gradient: Readonly<Record<string, NDArray>>
  /** How much a relative change of one in the inputs changes the log density: max(1, |log p|, Σ|θ ∂log p/∂θ|). */
  readonly condition: number
}

const shapeOf = (x: Numbers): ReadonlyArray<number> => (Array.isArray(x) ? [x.length, ...shapeOf((x as ReadonlyArray<Numbers>)[0]!)] : [])
const toArray = (x: Numbers): NDArray => ({ shape: shapeOf(x), data: Float64Array.from([x].flat(3) as ReadonlyArray<number>, Number) })
const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([k, v]) => [k, f(v)]))

const read = (raw: Raw): Figure => {
  const parameters = mapValues(raw.parameters, toArray)
  const gradient = mapValues(raw.gradient, toArray)
  const value = toArray(raw.value)
  const sensitivity = Object.entries(gradient).map(([slot, g]) => {
    const at = (slot === "value" ? value : parameters[slot]!).data
    return Array.from(g.data, (d, i) => Math.abs(d * at[i]!)).reduce((a, b) => a + b, 0)
  })
  return {
    title: `${raw.distribution}(${JSON.stringify(raw.parameters)}) at ${JSON.stringify(raw.value)}`,
    distribution: raw.distribution,
    parameters: Object.fromEntries(Object.entries(parameters).filter(([, p]) => p.data.every(Number.isFinite))),
    value,
    logProb: raw.logProb,
    gradient,
    condition: Math.max(
      1,
      Math.abs(raw.logProb),
      sensitivity.reduce((a, b) => a + b, 0)
    )
  }
}

export const figures: ReadonlyArray<Figure> = (
  JSON.parse(readFileSync(new URL("figures.json", import.meta.url), "utf8")) as ReadonlyArray<Raw>
).map(read)

const { Truncated, LKJCholesky, Normal, Cauchy, Exponential } = distributions
const plain = distributions as unknown as Readonly<Record<string, (...parameters: ReadonlyArray<tf.Tensor>) => Distribution>>

/** The distribution of a figure with these tensors for its finite parameters. */
export const distributionOf = (figure: Figure, t: Readonly<Record<string, tf.Tensor>>): Distribution => {
  const bounds = { ...(t["low"] && { low: t["low"] }), ...(t["high"] && { high: t["high"] }) }
  switch (figure.distribution) {
    case "Truncated(Normal)":
      return Truncated(Normal(t["loc"]!, t["scale"]!), bounds)
    case "Truncated(Cauchy)":
      return Truncated(Cauchy(t["loc"]!, t["scale"]!), bounds)
    case "Truncated(Exponential)":
      return Truncated(Exponential(t["rate"]!), bounds)
    case "LKJCholesky":
      return LKJCholesky(figure.value.shape[0]!, t["concentration"]!)
    default:
      return plain[figure.distribution]!(...Object.values(t))
  }
}

/** Two scalars of a posterior, jointly. */
import { ArgumentError } from "../errors.ts"
import type { Marginal } from "./marginal.ts"
import type { Pair } from "./picture.ts"
import type { Specification } from "./specification.ts"
import { logTicks } from "./scaling.ts"
import { colour } from "./theme.ts"

const most = 800

/** A scatter plot of at most 800 of the draws, from the 0.5 to the 99.5% quantile of either, `size` pixels wide and high. */
export const scatter = (
  all: ReadonlyArray<Marginal>,
  { x, y, log = [] }: Pair,
  labels: Readonly<Record<string, string>>,
  size: number
): Specification => {
  const find = (name: string): Marginal => {
    const found = all.find((candidate) => candidate.name === name)
    if (found === undefined)
      throw new ArgumentError({ argument: "picture.pairs", expected: `one of ${all.map((m) => m.name).join(", ")}`, received: name })
    return found
  }
  const [across, up] = [find(x), find(y)]
  const axis = (field: string, { name, quantiles }: Marginal): Specification => {
    const title = labels[name] ?? name
    const [from, , , , , , to] = quantiles
    if (!log.includes(name))
      return { field, type: "quantitative", title, scale: { domain: [from, to], zero: false }, axis: { tickCount: 5 } }
    if (from <= 0)
      throw new ArgumentError({ argument: "picture.pairs.log", expected: "a scalar of positive draws", received: `${name}, with ${from}` })
    return {
      field,
      type: "quantitative",
      title: `${title} (log scale)`,
      scale: { type: "log", domain: [from, to] },
      axis: { values: logTicks([from, to]), format: "~g" }
    }
  }
  const values = Array.from({ length: Math.min(most, across.values.length) }, (_, i) => ({ across: across.values[i]!, up: up.values[i]! }))
  return {
    width: size,
    height: size,
    data: { values },
    mark: { type: "point", filled: true, size: 14, opacity: 0.35, color: colour.interval, clip: true },
    encoding: { x: axis("across", across), y: axis("up", up) }
  }
}

/** Bands that all counts of uniform draws lie in at once, with a given probability (Säilynoja, Bürkner & Vehtari 2022, section 2.2). */

/** Log factorials up to n. */
const logFactorials = (n: number): Float64Array => {
  const table = new Float64Array(n + 1)
  for (let k = 1; k <= n; k++) table[k] = table[k - 1]! + Math.log(k)
  return table
}

type Interval = readonly [low: number, high: number]

export interface Band {
  readonly low: ReadonlyArray<number>
  readonly high: ReadonlyArray<number>
}

export interface BandOptions {
  /** How many draws. */
  readonly count: number
  /** The probabilities of the cells that they fall in; they add up to 1. */
  readonly cells: ReadonlyArray<number>
  /** Of what: the draws in each cell, or those in it and all before it. */
  readonly of: "cells" | "cumulated"
  /** The probability that all counts lie in the band; the band is the narrowest of its kind with at least that. */
  readonly coverage: number
}

/** The band: for each cell the least and the greatest count. */
export const simultaneousBand = ({ count, cells, of, coverage }: BandOptions): Band => {
  const factorials = logFactorials(count)
  const mass = (k: number, n: number, p: number): number =>
    p >= 1 ? Number(k === n) : Math.exp(factorials[n]! - factorials[k]! - factorials[n - k]! + k * Math.log(p) + (n - k) * Math.log1p(-p))
  const before = cells.map((_, i) => cells.slice(0, i).reduce((sum, p) => sum + p, 0))
  /** The central interval of a binomial count that leaves out at most `tail` on either side. */
  const central = (p: number, tail: number): Interval => {
    let [low, below] = [0, mass(0, count, p)]
    while (below <= tail && low < count) below += mass(++low, count, p)
    let [high, above] = [count, mass(count, count, p)]
    while (above <= tail && high > 0) above += mass(--high, count, p)
    return [Math.min(low, high), Math.max(low, high)]
  }
  const intervals = (tail: number): ReadonlyArray<Interval> =>
    cells.map((p, i) => (of === "cells" ? central(p, tail) : i === cells.length - 1 ? [count, count] : central(before[i]! + p, tail)))
  /** The probability that all counts lie in the intervals: cell by cell, over how many draws have fallen so far. */
  const inside = (allowed: ReadonlyArray<Interval>): number => {
    let fallen = new Map([[0, 1]])
    for (const [i, [low, high]] of allowed.entries()) {
      const share = i === cells.length - 1 ? 1 : cells[i]! / (1 - before[i]!)
      const next = new Map<number, number>()
      for (const [so, probability] of fallen) {
        const [least, most] = of === "cells" ? [low, Math.min(high, count - so)] : [Math.max(0, low - so), high - so]
        for (let k = least; k <= most; k++) {
          const p = probability * mass(k, count - so, share)
          if (p > 1e-16) next.set(so + k, (next.get(so + k) ?? 0) + p)
        }
      }
      fallen = next
    }
    return fallen.get(count) ?? 0
  }
  let [wide, narrow] = [0, (1 - coverage) / 2]
  if (inside(intervals(narrow)) >= coverage) wide = narrow
  else
    for (let n = 0; n < 30 && narrow - wide > 1e-9; n++) {
      const tail = (wide + narrow) / 2
      if (inside(intervals(tail)) >= coverage) wide = tail
      else narrow = tail
    }
  const found = intervals(wide)
  return { low: found.map(([low]) => low), high: found.map(([, high]) => high) }
}

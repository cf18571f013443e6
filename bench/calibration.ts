/** Simulation-based calibration (Talts et al. 2018): among draws of a correct posterior, the rank of the value that was simulated is uniform. */
import cdf from "@stdlib/stats-base-dists-chisquare-cdf"

/** How many of the draws lie below the truth: 0 … draws.length. */
export const rank = (truth: number, draws: ArrayLike<number>): number => {
  let below = 0
  for (let i = 0; i < draws.length; i++) if (draws[i]! < truth) below++
  return below
}

/** Ranks 0 … `draws` counted in bins of equal width; `draws + 1` must be a multiple of `bins`. */
export const histogram = (ranks: ReadonlyArray<number>, draws: number, bins: number): ReadonlyArray<number> => {
  const counts = new Array<number>(bins).fill(0)
  for (const r of ranks) counts[Math.floor((r * bins) / (draws + 1))]!++
  return counts
}

/** The p-value of Pearson's chi-square test that the bins are equally likely. */
export const uniformity = (counts: ReadonlyArray<number>): number => {
  const expected = counts.reduce((sum, n) => sum + n, 0) / counts.length
  const statistic = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
  return 1 - cdf(statistic, counts.length - 1)
}

/** Holm's correction: p-values that may each be held against the level of the family. */
export const holm = (pValues: ReadonlyArray<number>): ReadonlyArray<number> => {
  const order = [...pValues.keys()].sort((a, b) => pValues[a]! - pValues[b]!)
  const adjusted = new Array<number>(pValues.length)
  let least = 0
  order.forEach((index, position) => {
    least = Math.max(least, Math.min(1, (pValues.length - position) * pValues[index]!))
    adjusted[index] = least
  })
  return adjusted
}

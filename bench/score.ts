/** How far a fitted posterior's moments are from the reference's. */
import type { ReferenceRow } from "./posteriordb.ts"

export interface Score {
  /** The largest |mean − reference mean|, in reference standard deviations. */
  readonly maxMeanError: number
  /** The least and the greatest ratio of standard deviations. */
  readonly minSdRatio: number
  readonly maxSdRatio: number
}

/** Every reference parameter is scored; one that the fit lacks is an error. */
export const score = (reference: ReadonlyArray<ReferenceRow>, fitted: ReadonlyArray<ReferenceRow>): Score => {
  const byName = new Map(fitted.map((row) => [row.name, row]))
  const pairs = reference.map((expected) => {
    const found = byName.get(expected.name)
    if (found === undefined) throw new Error(`the fit has no "${expected.name}": it has ${[...byName.keys()].join(", ")}`)
    return { error: Math.abs(found.mean - expected.mean) / expected.sd, ratio: found.sd / expected.sd }
  })
  return {
    maxMeanError: Math.max(...pairs.map(({ error }) => error)),
    minSdRatio: Math.min(...pairs.map(({ ratio }) => ratio)),
    maxSdRatio: Math.max(...pairs.map(({ ratio }) => ratio))
  }
}

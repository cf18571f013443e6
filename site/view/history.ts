/** The objective by step in bounded memory: means over stretches of steps, which grow as there are more. */

export interface Stretch {
  readonly step: number
  readonly mean: number
  /** The Monte Carlo standard error of one step. */
  readonly error: number
}

export interface History {
  readonly add: (infos: Float64Array) => void
  readonly stretches: () => ReadonlyArray<Stretch>
  readonly last: () => number | undefined
}

const capacity = 480

interface Bucket {
  count: number
  step: number
  sum: number
  errors: number
}

export const historyOf = (): History => {
  let buckets: Array<Bucket> = []
  let size = 1
  const merge = (): void => {
    const merged: Array<Bucket> = []
    for (let i = 0; i + 1 < buckets.length; i += 2) {
      const [a, b] = [buckets[i]!, buckets[i + 1]!]
      merged.push({ count: a.count + b.count, step: b.step, sum: a.sum + b.sum, errors: a.errors + b.errors })
    }
    buckets = merged
    size *= 2
  }
  return {
    add: (infos) => {
      for (let i = 0; i < infos.length; i += 3) {
        const [step, value, error] = infos.subarray(i, i + 3) as unknown as readonly [number, number, number]
        const last = buckets.at(-1)
        if (last === undefined || last.count >= size) {
          if (buckets.length >= capacity) merge()
          buckets.push({ count: 1, step, sum: value, errors: error })
        } else {
          last.count++
          last.step = step
          last.sum += value
          last.errors += error
        }
      }
    },
    stretches: () => buckets.map(({ count, step, sum, errors }) => ({ step, mean: sum / count, error: errors / count })),
    last: () => {
      const recent = buckets.slice(-Math.max(1, Math.ceil(50 / size)))
      const count = recent.reduce((n, b) => n + b.count, 0)
      return count === 0 ? undefined : recent.reduce((sum, b) => sum + b.sum, 0) / count
    }
  }
}

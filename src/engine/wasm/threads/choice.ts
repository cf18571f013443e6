/** Whether threads are worth it, measured. */
import type { Run } from "../instance.ts"

/** Each way is tried so often; code is still being optimised in the first times. */
const warm = 3
const trials = 10

const median = (values: ReadonlyArray<number>): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** One of two ways that give the same numbers: both are tried by turns, then the faster one is kept, and `settle` told which. */
export const faster = (ways: readonly [alone: Run, led: Run], settle: (chosen: 0 | 1) => void): Run => {
  const times: readonly [Array<number>, Array<number>] = [[], []]
  let calls = 0
  let chosen: 0 | 1 | undefined
  return (count, now, before, next) => {
    if (chosen !== undefined) return ways[chosen](count, now, before, next)
    const way = (calls % 2) as 0 | 1
    const start = performance.now()
    const taken = ways[way](count, now, before, next)
    const each = (performance.now() - start) / count
    if (calls >= 2 * warm) times[way].push(each)
    calls++
    if (calls === 2 * trials) {
      chosen = median(times[1]) < median(times[0]) ? 1 : 0
      settle(chosen)
    }
    return taken
  }
}

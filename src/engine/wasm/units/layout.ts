/** Where the values of units stand in memory. */
import { sizeOf } from "../../../graph/shape.ts"
import type { Computation, Lowered } from "../plan/computation.ts"
import type { Life } from "../plan/memory.ts"
import { place } from "../plan/memory.ts"
import { bytesOf } from "../plan/nest.ts"
import type { Unit } from "../unit.ts"

/** Bytes in front of a value: a scan keeps the carry that it starts with there. */
export const leadOf = (c: Computation): number => (c.op === "scan" ? bytesOf(c.dtype) * sizeOf(c.shape.slice(1)) : 0)

const peakOf = (lives: ReadonlyArray<Life>, end: number): number => {
  const change = new Array<number>(end + 3).fill(0)
  for (const { bytes, from, to } of lives) {
    change[from + 1]! += bytes
    change[to + 2]! -= bytes
  }
  let [alive, peak] = [0, 0]
  for (const c of change) peak = Math.max(peak, (alive += c))
  return peak
}

export interface Layout {
  /** Where each value starts that is not kept elsewhere, and each unit's workspace. */
  readonly values: ReadonlyMap<number, number>
  readonly workspaces: ReadonlyMap<Unit, number>
  readonly bytes: number
  /** The most that is alive at one time. */
  readonly peak: number
}

/** Plans memory for the values of the units, those of a stage side by side. `pinned` ones keep their bytes from the start to the end. */
export const layoutOf = (
  stages: ReadonlyArray<ReadonlyArray<Unit>>,
  { computations }: Lowered,
  kept: ReadonlySet<number>,
  pinned: ReadonlySet<number>
): Layout => {
  const from = new Map<number, number>()
  const to = new Map<number, number>()
  stages.forEach((stage, at) => {
    for (const { value } of stage.flatMap((u) => [...u.reads, ...u.writes])) {
      if (!from.has(value)) from.set(value, at)
      to.set(value, at)
    }
  })
  for (const value of pinned) {
    from.set(value, -1)
    to.set(value, stages.length)
  }
  const bytesOfValue = (v: number): number => sizeOf(computations[v]!.shape) * bytesOf(computations[v]!.dtype)
  const isFree = (v: number): boolean => !kept.has(v) && !pinned.has(v) && leadOf(computations[v]!) === 0
  /** Where values begin that take the place of others, which end there. */
  const places = new Map<number, number>()
  const taken = new Set<number>()
  stages.forEach((stage, at) => {
    for (const [read, written] of stage.flatMap((u) => u.inPlace ?? [])) {
      const ends = to.get(read) === at && from.get(written) === at && !taken.has(read) && !places.has(written)
      if (!ends || !isFree(read) || !isFree(written) || bytesOfValue(read) !== bytesOfValue(written)) continue
      taken.add(read)
      places.set(written, places.get(read) ?? read)
    }
  })
  for (const [value, first] of places) to.set(first, Math.max(to.get(first)!, to.get(value)!))
  const values = [...from.keys()].filter((v) => !kept.has(v) && !places.has(v))
  const lives = [
    ...values.map((v) => ({
      bytes: leadOf(computations[v]!) + bytesOfValue(v),
      from: from.get(v)!,
      to: to.get(v)!
    })),
    ...stages.flatMap((stage, at) => stage.map((u) => ({ bytes: u.workspace, from: at, to: at })))
  ]
  const { offsets, bytes } = place(lives)
  const starts = new Map(values.map((v, i) => [v, offsets[i]! + leadOf(computations[v]!)]))
  for (const [value, first] of places) starts.set(value, starts.get(first)!)
  return {
    values: starts,
    workspaces: new Map(stages.flat().map((u, i) => [u, offsets[values.length + i]!])),
    bytes,
    peak: peakOf(lives, stages.length)
  }
}

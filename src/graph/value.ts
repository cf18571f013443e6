/** What one draw sees of a node: `shape` is shown, `axes` are hidden in front of it. Node shape = sizes of the axes, then the shape. */
import type { Recorder } from "./recorder.ts"
import type { DType, Shape } from "./types.ts"

/** An axis that the library adds. The outermost has the least depth. */
export interface Axis {
  readonly name: string
  readonly size: number
  readonly depth: number
}

export interface Value {
  readonly recorder: Recorder
  readonly id: number
  readonly shape: Shape
  readonly axes: ReadonlyArray<Axis>
  readonly dtype: DType
}

export const sizesOf = (axes: ReadonlyArray<Axis>): Array<number> => axes.map((a) => a.size)

/** All axes of the given lists, outermost first. */
export const unionOf = (lists: ReadonlyArray<ReadonlyArray<Axis>>): ReadonlyArray<Axis> => {
  if (lists.every((l) => l.length === 0)) return []
  return [...new Set(lists.flat())].sort((a, b) => a.depth - b.depth)
}

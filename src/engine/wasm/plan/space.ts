/**
 * The dimensions that a nest of loops needs. Elements are numbered in row-major order; a space is the ascending list of numbers at which some
 * operand changes its stride (the sizes of the blocks inside the dimension's end). Spaces fit together where each divides the next.
 */
import { range, stridesOf } from "../../../graph/shape.ts"
import type { Shape } from "../../../graph/types.ts"
import type { View } from "./view.ts"
import { isDense, mergedDimensions } from "./view.ts"

export type Space = ReadonlyArray<number>

const none: Space = []

/** The blocks between the dimensions of a view, once those that run on are merged. */
export const spaceOf = (v: Pick<View, "shape" | "strides">): Space => {
  if (isDense(v)) return none
  const blocks: Array<number> = []
  let block = 1
  for (const { size } of mergedDimensions(v).toReversed()) {
    block *= size
    blocks.push(block)
  }
  return blocks.slice(0, -1)
}

/** The blocks between reduced and kept dimensions. */
export const reducedSpace = (shape: Shape, axes: ReadonlyArray<number>): Space => {
  const strides = stridesOf(shape)
  const real = range(shape.length).filter((d) => shape[d] !== 1)
  return real.flatMap((d, i) => (i + 1 < real.length && axes.includes(d) !== axes.includes(real[i + 1]!) ? [strides[d]!] : [])).toReversed()
}

/** Both together, or nothing if they do not fit. */
export const common = (a: Space, b: Space): Space | undefined => {
  if (b.length === 0 || a === b) return a
  if (a.length === 0) return b
  const all = [...new Set([...a, ...b])].sort((x, y) => x - y)
  return all.every((n, i) => i === 0 || n % all[i - 1]! === 0) ? all : undefined
}

/** Sizes of the dimensions, outermost first. */
export const sizesOf = (space: Space, size: number): ReadonlyArray<number> => {
  const blocks = [1, ...space, size]
  return blocks
    .slice(1)
    .map((b, i) => b / blocks[i]!)
    .toReversed()
    .filter((_, i, all) => all.length === 1 || all[i] !== 1)
}

/** The strides of a view along the dimensions of a space that its own fits into. */
export const stridesIn = (v: Pick<View, "shape" | "strides">, sizes: ReadonlyArray<number>): ReadonlyArray<number> => {
  const strides = sizes.map(() => 0)
  let d = sizes.length - 1
  for (const { size, stride } of mergedDimensions(v).toReversed()) {
    for (let covered = 1; covered < size; d--) {
      strides[d] = stride * covered
      covered *= sizes[d]!
    }
  }
  return strides
}

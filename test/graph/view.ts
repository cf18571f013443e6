/** Arrays by index, the slow and obvious way: the other side of every comparison with a kernel. */
import type { Shape } from "../../src/graph/types.ts"

export interface View {
  readonly shape: Shape
  readonly at: (...index: ReadonlyArray<number>) => number
}

/** Every index of `shape`, in row-major order. */
export const indices = (shape: Shape): Array<Array<number>> =>
  shape.reduce<Array<Array<number>>>((all, d) => all.flatMap((i) => Array.from({ length: d }, (_, k) => [...i, k])), [[]])

const position = (shape: Shape, index: ReadonlyArray<number>): number => {
  if (index.length !== shape.length || index.some((i, d) => !(i >= 0 && i < shape[d]!)))
    throw new RangeError(`[${index}] is outside [${shape}]`)
  return index.reduce((p, i, d) => p * shape[d]! + i, 0)
}

export const viewOf = (shape: Shape, data: ArrayLike<number>): View => ({ shape, at: (...index) => data[position(shape, index)]! })

export const view = (shape: Shape, f: (...index: ReadonlyArray<number>) => number): View =>
  viewOf(
    shape,
    indices(shape).map((i) => f(...i))
  )

export const numbers = (v: View): Array<number> => indices(v.shape).map((i) => v.at(...i))

/** The element that broadcasting puts at `index`. */
export const stretched = (v: View, index: ReadonlyArray<number>): number =>
  v.at(...v.shape.map((d, k) => (d === 1 ? 0 : index[k + index.length - v.shape.length]!)))

const stretchedShape = (...views: ReadonlyArray<View>): Shape => {
  const rank = Math.max(...views.map((v) => v.shape.length))
  return Array.from({ length: rank }, (_, k) => Math.max(...views.map((v) => v.shape[k - rank + v.shape.length] ?? 1)))
}

/** f over broadcast operands. */
export const mapped =
  (f: (...x: ReadonlyArray<number>) => number) =>
  (...views: ReadonlyArray<View>): View =>
    view(stretchedShape(...views), (...i) => f(...views.map((v) => stretched(v, i))))

/** The elements of `v` with the dimensions `axes` folded together by f. */
export const folded = (v: View, axes: ReadonlyArray<number>, f: (xs: ReadonlyArray<number>) => number): View => {
  const kept = v.shape.map((_, d) => d).filter((d) => !axes.includes(d))
  return view(
    kept.map((d) => v.shape[d]!),
    (...i) =>
      f(
        indices(v.shape)
          .filter((j) => kept.every((d, k) => j[d] === i[k]))
          .map((j) => v.at(...j))
      )
  )
}

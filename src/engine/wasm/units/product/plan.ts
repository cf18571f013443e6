/** How a matrix product is cut into tiles, and which factors are packed. */
import type { RealLanes } from "../../assembler/function.ts"

/** Distances in bytes. */
export interface Layout {
  readonly row: number
  readonly column: number
}

export interface Product {
  readonly lanes: RealLanes
  readonly batches: number
  readonly M: number
  readonly K: number
  readonly N: number
  readonly left: Layout
  readonly right: Layout
  readonly leftBatch: number
  readonly rightBatch: number
}

/** Sums run along K in blocks of this length, so that a panel stays in the first cache. */
export const block = 256

/** Rows of a tile of two vectors of columns: so many sums fit registers. */
export const highest = 6

/** So many tiles of one height. */
export interface Stack {
  readonly height: number
  readonly count: number
}

export interface Plan {
  readonly bytes: number
  readonly width: number
  /** Vectors and elements of a panel. */
  readonly vectors: number
  readonly nr: number
  readonly packRight: boolean
  readonly packLeft: boolean
  readonly rightBytes: number
  readonly leftBytes: number
}

/** As few tiles as there can be, of two heights at most: low ones have too few sums to keep the multipliers busy. */
const stacksOf = (M: number, highest: number): ReadonlyArray<Stack> => {
  const tiles = Math.ceil(M / highest)
  const height = Math.floor(M / Math.max(1, tiles))
  const higher = M - tiles * height
  return [
    { height: height + 1, count: higher },
    { height, count: tiles - higher }
  ].filter(({ count }) => count > 0)
}

/** A factor whose rows, as many as a block has, take up so few bytes is read as it is. */
const near = 2 ** 15

export const planOf = ({ lanes, M, K, N, left, right }: Product): Plan => {
  const width = lanes === "f32x4" ? 4 : 2
  const bytes = 16 / width
  const vectors = N <= width ? 1 : 2
  const nr = vectors * width
  const rows = Math.min(K, block)
  const packRight = right.column !== bytes || (M >= 16 && rows * right.row > near)
  const packLeft = left.row === bytes && left.column !== bytes && N >= 4 * nr && rows * left.column > near
  return {
    bytes,
    width,
    vectors,
    nr,
    packRight,
    packLeft,
    rightBytes: packRight ? Math.ceil(N / nr) * nr * K * bytes : 0,
    leftBytes: packLeft ? M * K * bytes + 16 : 0
  }
}

/** The heights of tiles of so many vectors of columns; those of a packed factor are the same for all. */
export const tilesOf = ({ M }: Product, { packLeft }: Plan, vectors: number): ReadonlyArray<Stack> =>
  stacksOf(M, vectors === 1 && !packLeft ? 2 * highest : highest)

export const workspaceOf = (p: Product): number => {
  const { leftBytes, rightBytes } = planOf(p)
  return leftBytes + rightBytes
}

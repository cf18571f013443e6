/** Units as parts that threads do side by side. */
import type { Nest } from "../plan/nest.ts"
import { bytesOf, widthOf } from "../plan/nest.ts"
import { costOf } from "../plan/vector.ts"
import type { Place } from "../unit.ts"

/** Less than so many nanoseconds of work is not divided: threads wait for each other about as long. */
export const leastWork = 4000

/** [from, to) of each part of `size` rows, in multiples of `unit` rows but for the last. */
export const cuts = (size: number, parts: number, unit: number): ReadonlyArray<readonly [number, number]> => {
  const at = (k: number): number => (k === parts ? size : Math.min(size, unit * Math.round((size * k) / parts / unit)))
  return Array.from({ length: parts }, (_, k) => [at(k), at(k + 1)] as const)
}

/** The bytes that strided accesses touch, relative to their first. */
export const reachOf = (sizes: ReadonlyArray<number>, strides: ReadonlyArray<number>, bytes: number): readonly [number, number] => {
  let [from, to] = [0, bytes]
  strides.forEach((s, d) => {
    if (s < 0) from += (sizes[d]! - 1) * s
    else to += (sizes[d]! - 1) * s
  })
  return [from, to]
}

const nanosecondsOf = ({ lanes, dimensions, loads, members, stores, reductions }: Nest): number => {
  const elements = dimensions.reduce((n, d) => n * d.size, 1)
  const operations = members.reduce((n, m) => n + costOf(m.op), loads.length + stores.length + reductions.length)
  return (0.3 * elements * operations) / widthOf[lanes]
}

export interface PlacedNest {
  readonly nest: Nest
  readonly reads: ReadonlyArray<Place>
  readonly writes: ReadonlyArray<Place>
}

/** A nest cut along the outermost of its dimensions that are not reduced and are long enough. */
export const splitNest = ({ nest, reads, writes }: PlacedNest, parts: number): ReadonlyArray<PlacedNest> | undefined => {
  const { dimensions, loads, stores, reductions } = nest
  if (nanosecondsOf(nest) < leastWork || loads.length + stores.length + reductions.length > 900) return undefined
  const d = dimensions.findIndex(({ size, reduced }) => !reduced && size >= 4 * parts)
  if (d < 0) return undefined
  return cuts(dimensions[d]!.size, parts, dimensions[d]!.size >= 64 ? 16 : 1).map((part) => partOf({ nest, reads, writes }, d, part))
}

/** What a nest does from one index of a dimension to another. */
export const partOf = ({ nest, reads, writes }: PlacedNest, d: number, [from, to]: readonly [number, number]): PlacedNest => {
  const places = [...reads, ...writes]
  const dimensions = nest.dimensions.map((dimension, k) => (k === d ? { ...dimension, size: to - from } : dimension))
  const sizes = dimensions.map(({ size }) => size)
  const made = { reads: [] as Array<Place>, writes: [] as Array<Place> }
  const moved = <A extends Nest["loads"][number]>(access: A, kind: "reads" | "writes", before: number): A => {
    const { value, offset } = places[access.pointer]!
    const first = offset + from * access.strides[d]!
    const [low, high] = reachOf(sizes, access.strides, bytesOf(access.dtype))
    return { ...access, pointer: before + made[kind].push({ value, offset: first, range: [first + low, first + high] }) - 1 }
  }
  const loads = nest.loads.map((a) => moved(a, "reads", 0))
  const stores = nest.stores.map((a) => moved(a, "writes", loads.length))
  const reductions = nest.reductions.map((a) => moved(a, "writes", loads.length))
  return { nest: { ...nest, dimensions, loads, stores, reductions }, ...made }
}

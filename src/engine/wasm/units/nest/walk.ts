/** Where the loops of a nest have come to. */
import type { FunctionBuilder } from "../../assembler/function.ts"

/** The offset, in bytes, of accesses of one list of strides: a local, where there is one, and a number. */
interface Offset {
  readonly local: number | undefined
  readonly extra: number
}

/** Of each list of strides. */
export type Offsets = ReadonlyArray<Offset>

type Strides = ReadonlyArray<number>

export class Walk {
  private readonly f: FunctionBuilder
  private readonly lists: ReadonlyArray<Strides>
  private readonly places: ReadonlyMap<Strides, number>
  readonly start: Offsets

  /** Accesses of equal strides move together. */
  constructor(f: FunctionBuilder, accesses: ReadonlyArray<{ readonly strides: Strides }>) {
    this.f = f
    const distinct = new Map<string, number>()
    const lists: Array<Strides> = []
    const places = new Map<Strides, number>()
    for (const { strides } of accesses) {
      const key = strides.join()
      const known = distinct.get(key) ?? lists.push(strides) - 1
      distinct.set(key, known)
      places.set(strides, known)
    }
    this.lists = lists
    this.places = places
    this.start = lists.map(() => ({ local: undefined, extra: 0 }))
  }

  /** Pushes the address of an access, `more` bytes on, less what fits an immediate offset, which it gives. */
  address(pointer: number, strides: Strides, offsets: Offsets, more: number): number {
    const { local, extra } = offsets[this.places.get(strides)!]!
    this.f.get(pointer)
    if (local !== undefined) this.f.get(local).op("i32.add")
    const total = extra + more
    if (total >= 0) return total
    this.f.i32(total).op("i32.add")
    return 0
  }

  /** `by` elements further along dimension `d`. */
  shifted(d: number, by: number, offsets: Offsets): Offsets {
    return offsets.map(({ local, extra }, k) => ({ local, extra: extra + by * this.lists[k]![d]! }))
  }

  /** Runs `inner` at `steps` places of dimension `d`, `by` elements apart; gives the offsets behind them. */
  repeated(d: number, steps: number, by: number, offsets: Offsets, inner: (o: Offsets) => void): Offsets {
    if (steps <= 0) return offsets
    const distance = this.lists.map((strides) => by * strides[d]!)
    if (steps === 1) {
      inner(offsets)
      return this.shifted(d, by, offsets)
    }
    const { f } = this
    const moved = offsets.map((o, k): Offset => {
      if (distance[k] === 0) return o
      const local = f.local("i32")
      if (o.local === undefined) f.i32(o.extra).set(local)
      else f.get(o.local).i32(o.extra).op("i32.add").set(local)
      return { local, extra: 0 }
    })
    const counter = f.local("i32")
    f.i32(steps).set(counter)
    f.loop(() => {
      inner(moved)
      moved.forEach(({ local }, k) => {
        if (distance[k] !== 0) f.get(local!).i32(distance[k]!).op("i32.add").set(local!)
      })
      f.get(counter).i32(1).op("i32.sub").tee(counter).brIf(0)
    })
    return moved
  }
}

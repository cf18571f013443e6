/** A static plan of memory: values whose lives do not meet share bytes. */
export interface Life {
  readonly bytes: number
  /** The first and the last unit, by its place in the order, that needs the bytes. */
  readonly from: number
  readonly to: number
}

const aligned = (n: number): number => Math.ceil(n / 64) * 64

interface Hole {
  start: number
  size: number
}

/** Offsets of the blocks, by best fit, and the bytes that all take together. */
export const place = (lives: ReadonlyArray<Life>): { readonly offsets: ReadonlyArray<number>; readonly bytes: number } => {
  const offsets = new Array<number>(lives.length)
  const byStart = lives.map((_, i) => i).sort((a, b) => lives[a]!.from - lives[b]!.from)
  const byEnd = lives.map((_, i) => i).sort((a, b) => lives[a]!.to - lives[b]!.to)
  let holes: Array<Hole> = []
  let top = 0
  let ended = 0
  const release = (start: number, size: number): void => {
    holes.push({ start, size })
    holes.sort((a, b) => a.start - b.start)
    holes = holes.reduce<Array<Hole>>((merged, h) => {
      const before = merged.at(-1)
      if (before !== undefined && before.start + before.size === h.start) before.size += h.size
      else merged.push(h)
      return merged
    }, [])
  }
  for (const i of byStart) {
    for (; ended < byEnd.length && lives[byEnd[ended]!]!.to < lives[i]!.from; ended++) {
      const gone = byEnd[ended]!
      release(offsets[gone]!, aligned(lives[gone]!.bytes))
    }
    const size = aligned(lives[i]!.bytes)
    const fitting = holes.filter((h) => h.size >= size).sort((a, b) => a.size - b.size)[0]
    if (fitting !== undefined) {
      offsets[i] = fitting.start
      fitting.start += size
      fitting.size -= size
      holes = holes.filter((h) => h.size > 0)
    } else {
      offsets[i] = top
      top += size
    }
  }
  return { offsets, bytes: top }
}

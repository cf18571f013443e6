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
  const offsets = new Array<number>(lives.length).fill(0)
  const taken = lives.flatMap(({ bytes }, i) => (bytes > 0 ? [i] : []))
  const byStart = taken.toSorted((a, b) => lives[a]!.from - lives[b]!.from)
  const byEnd = taken.toSorted((a, b) => lives[a]!.to - lives[b]!.to)
  /** By where they start. */
  const holes: Array<Hole> = []
  let top = 0
  let ended = 0
  const release = (start: number, size: number): void => {
    let k = 0
    while (k < holes.length && holes[k]!.start < start) k++
    const [before, after] = [holes[k - 1], holes[k]]
    const joins = before !== undefined && before.start + before.size === start
    const joined = after !== undefined && start + size === after.start
    if (joins && joined) {
      before.size += size + after.size
      holes.splice(k, 1)
    } else if (joins) before.size += size
    else if (joined) {
      after.start = start
      after.size += size
    } else holes.splice(k, 0, { start, size })
  }
  const take = (size: number): number => {
    let best = -1
    holes.forEach((h, k) => {
      if (h.size >= size && (best < 0 || h.size < holes[best]!.size)) best = k
    })
    if (best < 0) return (top += size) - size
    const hole = holes[best]!
    const { start } = hole
    hole.start += size
    hole.size -= size
    if (hole.size === 0) holes.splice(best, 1)
    return start
  }
  for (const i of byStart) {
    for (; ended < byEnd.length && lives[byEnd[ended]!]!.to < lives[i]!.from; ended++) {
      const gone = byEnd[ended]!
      release(offsets[gone]!, aligned(lives[gone]!.bytes))
    }
    offsets[i] = take(aligned(lives[i]!.bytes))
  }
  return { offsets, bytes: top }
}

/** Minibatches: which rows each step sees. */
import { uniforms } from "../random/draws.ts"
import type { Key } from "../random/key.ts"
import { fold } from "../random/key.ts"

/** The rows in a random order: Fisher & Yates's shuffle (Knuth, "The Art of Computer Programming", algorithm 3.4.2P). */
export const shuffled = (rows: Int32Array, key: Key): Int32Array => {
  const order = rows.slice()
  const u = uniforms(key, order.length)
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(u[i]! * (i + 1))
    const row = order[i]!
    order[i] = order[j]!
    order[j] = row
  }
  return order
}

/**
 * The rows of `count` steps from `step` on, [count, size]. Each epoch goes through the rows in a fresh order, as far as they fill batches.
 * A function of key and step alone.
 */
export const batches = (rows: Int32Array, size: number, key: Key): ((step: number, count: number) => Int32Array) => {
  const perEpoch = Math.floor(rows.length / size)
  let [known, order] = [-1, rows]
  const orderOf = (epoch: number): Int32Array => {
    if (epoch !== known) [known, order] = [epoch, shuffled(rows, fold(key, epoch))]
    return order
  }
  return (step, count) => {
    const all = new Int32Array(count * size)
    for (let k = 0; k < count; k++) {
      const at = ((step + k) % perEpoch) * size
      all.set(orderOf(Math.floor((step + k) / perEpoch)).subarray(at, at + size), k * size)
    }
    return all
  }
}

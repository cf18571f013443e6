/** Where threads wait for each other, in shared memory. */
import type { FunctionBuilder } from "../assembler/function.ts"

/** Addresses of control words, on cache lines of their own. */
export const control = {
  arrived: 64,
  generation: 128,
  asleep: 132,
  command: 192,
  idle: 196,
  count: 200,
  now: 204,
  before: 208,
  next: 212
} as const

/** What is behind the control words. */
export const controlBytes = 256

/** A thread looks so often, a few microseconds long, before it sleeps: a wake-up takes longer than most waits. */
const looks = 2000

/** Sleeping threads look again after so many nanoseconds, whatever happens. */
const nap = 1_000_000_000n

/** Who has slept so often by a word that others are at work to change has been left alone: it traps. */
export const mostNaps = 300

/** Waits until the word at `address` is no longer what the local holds, for so many naps at most; 0 is for ever. */
export const waitWhile = (f: FunctionBuilder, address: number, value: number, asleep: number, naps: number): void => {
  const look = f.local("i32")
  const slept = f.local("i32")
  const changed = (): void => void f.i32(address).atomic("i32.atomic.load").get(value).op("i32.ne")
  f.block(() => {
    f.for(look, 0, looks, 1, () => {
      changed()
      f.brIf(1)
    })
    f.i32(asleep).i32(1).atomic("i32.atomic.rmw.add").drop()
    f.i32(0).set(slept)
    f.loop(() => {
      if (naps > 0) {
        f.get(slept).i32(1).op("i32.add").tee(slept).i32(naps).op("i32.gt_s")
        f.if(() => f.unreachable())
      }
      f.i32(address).get(value).i64(nap).atomic("memory.atomic.wait32").drop()
      f.i32(address).atomic("i32.atomic.load").get(value).op("i32.eq").brIf(0)
    })
    f.i32(asleep).i32(-1).atomic("i32.atomic.rmw.add").drop()
  })
}

/** The function that `threads` threads call to go on together. The last one to arrive wakes those that sleep, if any does. */
export const barrier = (threads: number) => (f: FunctionBuilder) => {
  const generation = f.local("i32")
  f.i32(control.generation).atomic("i32.atomic.load").set(generation)
  f.i32(control.arrived).i32(1).atomic("i32.atomic.rmw.add")
  f.i32(threads - 1).op("i32.eq")
  f.if(
    () => {
      f.i32(control.arrived).i32(0).atomic("i32.atomic.store")
      f.i32(control.generation).get(generation).i32(1).op("i32.add").atomic("i32.atomic.store")
      f.i32(control.asleep)
        .atomic("i32.atomic.load")
        .if(() => f.i32(control.generation).i32(threads).atomic("memory.atomic.notify").drop())
    },
    () => waitWhile(f, control.generation, generation, control.asleep, mostNaps)
  )
}

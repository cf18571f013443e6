/** What a thread other than the first does: it waits for a command, and takes part in it. */
import type { FunctionBuilder } from "../assembler/function.ts"
import { control, waitWhile } from "./barrier.ts"

/** Commands are counted; this one ends it. */
export const dismissed = -1

export const serve = (run: number) => (f: FunctionBuilder) => {
  const command = f.local("i32")
  f.loop(() => {
    waitWhile(f, control.command, command, control.idle, 0)
    f.i32(control.command).atomic("i32.atomic.load").tee(command).i32(dismissed).op("i32.eq")
    f.if(() => f.return())
    for (const word of [control.count, control.now, control.before, control.next]) f.i32(word).memory("i32.load")
    f.call(run).drop().br(0)
  })
}

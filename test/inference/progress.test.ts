import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"
import { terminalProgress } from "../../src/node/progress.ts"
import { Progress } from "../../src/inference/progress.ts"

const task = (body: Effect.Effect<unknown>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const progress = yield* Progress
      const { update } = yield* progress.start("eight schools", 100)
      update(40, "ELBO -31.4")
      yield* body
    })
  )

/** A log: a stream that is no terminal. */
const log = () => {
  const stream = new PassThrough()
  const written: string[] = []
  stream.on("data", (chunk: Buffer) => written.push(chunk.toString()))
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => written.join("") }
}

describe("progress", () => {
  it("is silent unless answered", async () => {
    await Effect.runPromise(task(Effect.void))
  })

  it("writes plain lines where there is no terminal, the last state among them", async () => {
    const { stream, text } = log()
    await Effect.runPromise(Effect.provide(task(Effect.void), terminalProgress(stream)))
    expect(text()).toMatch(/eight schools .* 40\/100 .* ELBO -31\.4\n/)
    expect(text()).not.toContain("\u001b")
  })

  it("ends with the task when that is interrupted or fails, and leaves no timer", async () => {
    for (const end of ["interrupt", "fail"] as const) {
      const { stream, text } = log()
      const fiber = Effect.runFork(Effect.provide(task(end === "fail" ? Effect.die("boom") : Effect.never), terminalProgress(stream)))
      await new Promise((resolve) => setTimeout(resolve, 20))
      await Effect.runPromise(Fiber.interrupt(fiber))
      expect(text()).toContain("40/100")
      const after = text()
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect(text()).toBe(after)
    }
    expect(process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length).toBeLessThan(3)
  })
})

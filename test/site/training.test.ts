import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { reference } from "pushforward"
import { expect, test } from "vitest"
import { defaults } from "../../site/catalogue/choices.ts"
import type { Frame } from "../../site/protocol.ts"
import { failureOf } from "../../site/worker/failure.ts"
import { preparedFor } from "../../site/worker/prepared.ts"
import { trainingOf } from "../../site/worker/training.ts"

const choices = { ...defaults, target: "banana", way: "density", flow: "full-rank", draws: 8, steps: 250 } as const

test("a failure is told in the library's words", async () => {
  const exit = await Effect.runPromiseExit(Effect.scoped(preparedFor({ ...choices, rate: -1 }, reference())))
  expect(failureOf(exit)).toMatch(/fit\.learningRate.*a positive number.*-1/)
  expect(failureOf(Exit.void)).toBeUndefined()
  expect(failureOf(await Effect.runPromiseExit(Effect.interrupt))).toBeUndefined()
})

test("a frame is sent when the last one is drawn, and holds every step since", async () => {
  const frames: Array<Omit<Frame, "type" | "run">> = []
  const states: Array<string> = []
  await Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const prepared = yield* preparedFor(choices, reference())
        const training = trainingOf(prepared, { frame: (frame) => frames.push(frame), state: (state) => states.push(state) })
        yield* training.run
        // The first, and the last, which is sent unasked.
        expect(frames.map(({ step }) => step)).toEqual([0, 250])
        yield* training.drawn
        expect(frames.length).toBe(2)

        const before = frames[1]!
        expect(before.step).toBe(250)
        expect([...before.infos.filter((_, i) => i % 3 === 0)]).toEqual(Array.from({ length: 250 }, (_, i) => i + 1))
        expect(before.points.length).toBe(prepared.layers.stages.length * 2 * (prepared.base.points.length / 2))

        yield* training.peek(0)
        expect(frames[2]!.fingerprint).toBe(frames[0]!.fingerprint)
        expect((yield* training.judge).step).toBe(0)
        yield* training.drawn
        yield* training.peek(undefined)
        expect(frames[3]!.fingerprint).toBe(before.fingerprint)
      })
    )
  )
  expect(states).toEqual(["training", "done"])
})

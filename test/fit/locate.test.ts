import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { fullRank } from "../../guides/index.ts"
import { Normal } from "../../src/distribution/index.ts"
import { fit } from "../../src/fit/index.ts"
import { factor, model, plate, sample } from "../../src/model/index.ts"

test("the error of a fit names the site's own line, and the range of what went in", async () => {
  const broken = model(function* () {
    const a = yield* sample("a", Normal(0, 1))
    yield* plate("row", 2, function* () {
      yield* factor("root", tf.sqrt(tf.sub(tf.square(a), tf.add(tf.square(a), 4))))
    })
  })
  const wrong = model(function* () {
    const a = yield* sample("a", Normal(0, 1))
    yield* sample("b", Normal(tf.div(tf.mul(a, 0), 0), 1))
  })
  const first = await Effect.runPromise(Effect.flip(fit(broken(), fullRank())))
  const second = await Effect.runPromise(Effect.flip(fit(wrong(), fullRank())))
  expect(first.message).toContain("sqrt of -4.00, ")
  expect(second.message).toMatch(/after site "a".*NaN.*, at .*locate\.test\.ts:17:\d+/)
})

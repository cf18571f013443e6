/** Minibatches: steps see some of the rows, what is said of the result sees all. */
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { fullRank } from "../../guides/index.ts"
import { Normal } from "../../src/distribution/index.ts"
import type { Engine } from "../../src/engine/engine.ts"
import { stepwise } from "../../src/engine/stepwise.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { fit } from "../../src/fit/index.ts"
import { sizeOf } from "../../src/graph/shape.ts"
import type { Program } from "../../src/graph/types.ts"
import { model, observe, plate, sample } from "../../src/model/index.ts"
import { normal } from "../model/oracle.ts"
import { normals } from "../support/numbers.ts"

const [rows, batch, draws] = [1000, 20, 4]
const y = normals(2, rows).map((z) => 3 + z)
const location = model(function* (data: ReadonlyArray<number>) {
  const mu = yield* sample("mu", Normal(0, 5))
  yield* plate(
    "row",
    { data },
    function* (row) {
      yield* observe("y", Normal(mu, 1), row.data)
    },
    { subsample: batch }
  )
})

test("a normal mean by minibatches", async () => {
  const programs: Array<Program> = []
  const compile: Engine["compile"] = (program) => Effect.tap(reference().compile(program), () => Effect.sync(() => programs.push(program)))
  const engine = stepwise({ name: "watched", compile })
  const posterior = await Effect.runPromise(fit(location(y), fullRank(), { steps: 400, draws, engine }))
  // the scores of `batch` rows for each draw, and never those of all
  const sizes = programs.map(({ graph }) => Math.max(...graph.nodes.filter(({ op }) => op !== "input").map(({ shape }) => sizeOf(shape))))
  expect(sizes[0]).toBeLessThan(draws * rows)
  expect(sizes[0]).toBeGreaterThanOrEqual(draws * batch)
  expect(sizes[1]).toBeGreaterThanOrEqual(1000 * rows)

  const precision = 1 / 25 + rows
  const [mean, sd] = [y.reduce((a, b) => a + b, 0) / precision, 1 / Math.sqrt(precision)]
  const evidence = normal(0, 0, 5) + y.reduce((sum, v) => sum + normal(v, 0, 1), 0) - normal(0, mean, sd)
  const { logEvidence, kl, elbo } = posterior.diagnostics
  expect(Math.abs(logEvidence.value - evidence)).toBeLessThan(5 * logEvidence.error + 1e-6)
  expect(elbo.value).toBeLessThan(evidence + 5 * elbo.error)
  // it starts at the mode of all rows, and the noise of minibatches leads away no further than the rate allows
  expect(kl.value).toBeLessThan(0.05)
  expect(Math.abs(posterior.summary[0]!.mean - mean) / sd).toBeLessThan(0.25)
})

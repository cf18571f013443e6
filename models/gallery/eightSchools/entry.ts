/** Eight schools by three guides, beside exact draws. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { fit, fitStream, model, prior, sample } from "pushforward"
import { Normal, Uniform } from "pushforward/distributions"
import { fullRank, meanField, neuralSplineFlow } from "pushforward/guides"
import { elboTrace, pairPlot } from "pushforward/plot"
import { eightSchools, schools } from "../../eightSchools.ts"
import { exactDraws, logEvidence } from "./exact.ts"
import type { Entry } from "../entry.ts"

const guides = { "mean field": meanField(), "full rank": fullRank(), "neural spline flow": neuralSplineFlow() }
const drawn = 4000

const noise = model(function* () {
  yield* sample("uniform", Uniform(0, 1))
  yield* sample(
    "normal",
    Normal(
      Array.from({ length: schools.y.length + 1 }, () => 0),
      1
    )
  )
})

export const eightSchoolsGuides: Entry = {
  name: "eight-schools",
  title: "A flow as the guide of a hierarchical model",
  about:
    "Eight schools as it is first written, by a mean-field, a full-rank and a flow guide. The posterior is a funnel, which no Gaussian follows; beside each stand exact draws (given tau all else is normal, and tau is one number).",
  run: Effect.gen(function* () {
    const { uniform, normal } = yield* prior(noise(), { draws: drawn, seed: 7 })
    const exact = exactDraws(Float64Array.from(uniform.data), Float64Array.from(normal.data))
    const fits = yield* Effect.forEach(Object.entries(guides), ([name, guide]) =>
      Effect.gen(function* () {
        const [time, posterior] = yield* Effect.timed(fit(eightSchools(schools), guide, { seed: 1 }))
        return { name, posterior, draws: yield* posterior.draws(drawn), seconds: Duration.toSeconds(time) }
      })
    )
    const steps = yield* Stream.runCollect(
      Stream.map(fitStream(eightSchools(schools), neuralSplineFlow(), { seed: 1, steps: 1000 }), ({ info }) => info)
    )
    return {
      figures: fits.map(({ name, posterior, seconds }) => ({
        entry: `eight-schools, ${name}`,
        ours: posterior.diagnostics.elbo,
        limit: logEvidence,
        unit: "ELBO, nats; the limit is the log evidence",
        seconds
      })),
      pictures: [
        ...fits.map(({ name, draws }) => ({
          name: name.replaceAll(" ", "-"),
          caption: `The ${name} guide over exact draws: contours of 50% and 90%.`,
          specification: pairPlot({ exact, [name]: draws }, { scalars: ["mu", "tau", "theta[0]", "theta[7]"], log: ["tau"] })
        })),
        {
          name: "elbo",
          caption: "The ELBO of the flow, step by step, below the log evidence.",
          specification: elboTrace(steps, { reference: { label: "log evidence", value: logEvidence } })
        }
      ],
      notes: fits.map(({ name, posterior }) => `${name}: k̂ = ${posterior.diagnostics.khat.toFixed(2)}. ${posterior.verdict.text}`)
    }
  })
}

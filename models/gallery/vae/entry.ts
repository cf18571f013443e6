/** Autoencoders of digits by four posteriors and two priors. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import type { NDArray } from "pushforward"
import { concat, images, scatter2d, type Specification } from "pushforward/plot"
import type { Entry, Figure } from "../entry.ts"
import { type Estimate, estimateOf } from "../estimate.ts"
import { rowsOf } from "../targets/target.ts"
import { type Digits, digits, pixels, side } from "./digits.ts"
import { posteriors, priors } from "./families.ts"
import type { Sizes } from "./model.ts"
import { principalPlane } from "./plane.ts"
import { type Budget, train, type Trained } from "./trained.ts"

const sizes: Sizes = { latent: 8, context: 32, pixels, hidden: [200, 200], batch: 100 }
const budget: Budget = { epochs: 60, learningRate: 2e-3, seed: 1 }

const families = Object.entries(priors(sizes)).flatMap(([priorName, prior]) =>
  Object.entries(posteriors(sizes)).map(([name, posterior]) => ({
    name: `${name}${priorName === "flow" ? ", flow prior" : ""}`,
    posterior,
    prior
  }))
)

const difference = (a: Float64Array, b: Float64Array): Estimate => estimateOf(a.map((v, i) => v - b[i]!))

const shown = ({ value, error }: Estimate): string => `${value.toFixed(2)} ± ${error.toFixed(2)}`.replace("-", "−")

/** Of each: both bounds, and how far they are above those of the first, image by image. */
const table = (all: ReadonlyArray<Trained>): string => {
  const [first] = all as readonly [Trained]
  const rows = all.map(({ name, elbo, logEvidence }) => [
    name,
    shown(estimateOf(elbo)),
    shown(difference(elbo, first.elbo)),
    shown(estimateOf(logEvidence)),
    shown(difference(logEvidence, first.logEvidence))
  ])
  const header = ["", "ELBO", `above ${first.name}`, "importance-weighted", `above ${first.name}`]
  const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`
  return [line(header), line(header.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n")
}

const figureOf = ({ name, logEvidence, seconds }: Trained): Figure => ({
  entry: `vae, ${name}`,
  ours: estimateOf(logEvidence),
  peer: `vae-${name.replace(", ", "-").replace(" ", "-")}`,
  unit: `the importance-weighted bound in nats, by 5,000 draws for each of 2,000 images held out`,
  seconds
})

/** So many images of each class. */
const someOf = ({ images: { data }, classes }: Digits, each: number): NDArray => {
  const chosen = Array.from({ length: 10 }, (_, digit) => classes.flatMap((c, i) => (c === digit ? [i] : [])).slice(0, each)).flat()
  return {
    shape: [chosen.length, pixels],
    data: Float64Array.from({ length: chosen.length * pixels }, (_, k) => data[chosen[Math.floor(k / pixels)]! * pixels + (k % pixels)]!)
  }
}

const stacked = (all: ReadonlyArray<NDArray>): NDArray => ({
  shape: [all.reduce((n, { shape: [rows = 0] }) => n + rows, 0), side, side],
  data: Float64Array.from(all.flatMap(({ data }) => Array.from(data)))
})

const reconstructions = (all: ReadonlyArray<Trained>, some: NDArray): Effect.Effect<Specification, Error> =>
  Effect.map(
    Effect.forEach(all, ({ reconstructed }) => reconstructed(some)),
    (inked) =>
      images(stacked([some, ...inked]), {
        columns: some.shape[0]!,
        rows: ["digits", ...all.map(({ name }) => name)],
        range: [0, 1],
        zoom: 1
      })
  )

const latents = ({ name, encoded }: Trained, { images: points, classes }: Digits): Effect.Effect<Specification, Error> =>
  Effect.map(encoded(points), (z) => {
    const { project } = principalPlane(z)
    return scatter2d(rowsOf(z).map(project), { title: name, group: classes })
  })

export const vae: Entry = {
  name: "vae",
  title: "A variational autoencoder with flows",
  about:
    "Digits of 28 × 28 pixels, black or white, each by a latent vector that a network decodes. The model is written for one digit, and so is its guide, whose encoder gives each image a posterior: normal with independent components, or a flow of that, conditioned on the image. The prior is a standard normal, or a flow. Encoder, decoder and budget are the same for all eight, and they are judged by digits that none has seen. By this budget the inverse autoregressive posterior is worse than the normal one where the prior is normal, here as in PyTorch; the other flows are better.",
  run: Effect.gen(function* () {
    const { training, heldOut } = yield* digits
    const data = { training: training.images, heldOut: heldOut.images }
    const all = yield* Effect.forEach(families, (family) =>
      Effect.tap(train(sizes, family, budget, data), ({ name, elbo, logEvidence, seconds }) =>
        Console.log(
          `  ${name}: ELBO ${shown(estimateOf(elbo))}, importance-weighted ${shown(estimateOf(logEvidence))}, ${seconds.toFixed(0)} s`
        )
      )
    )
    const pictured = all.filter(({ name }) => /^(mean-field|spline)/.test(name))
    return {
      figures: all.map(figureOf),
      notes: [
        `Bounds of the log likelihood of an image held out, in nats, and how far each is above that of ${all[0]!.name}, image by image: the ELBO by 100 draws for each, and the importance-weighted bound by 5,000.`,
        table(all)
      ],
      pictures: [
        {
          name: "reconstructions",
          caption: "Digits held out, and what is decoded from a draw of the posterior of each.",
          specification: yield* reconstructions(pictured, someOf(heldOut, 2))
        },
        {
          name: "samples",
          caption: "Draws of the two models by the spline posterior: the ink of each pixel.",
          specification: concat(
            yield* Effect.forEach(
              all.filter(({ name }) => name.startsWith("spline")),
              ({ name, sampled }) =>
                Effect.map(sampled(100), (ink) => images(stacked([ink]), { title: name, columns: 10, range: [0, 1], zoom: 1 }))
            )
          )
        },
        {
          name: "latent",
          caption: "A draw of the posterior of each digit held out, in the plane in which these vary most; from 0, dark, to 9, light.",
          specification: concat(yield* Effect.forEach(pictured, (trained) => latents(trained, heldOut)), { columns: 2 })
        }
      ]
    }
  })
}

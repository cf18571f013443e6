/** The ring of eight Gaussians: its density, and the density given what is known of a point. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { constantRate, type DensityOptions, fitDensityStream, wasm } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { mlp } from "pushforward/learnables"
import { concat, curves, layerByLayer, lossCurves, scaling, scatter2d } from "pushforward/plot"
import { densityEntry, limitOf, pointsOf, train } from "./densityEntry.ts"
import type { Entry } from "./entry.ts"
import { planePictures, rowsOf, square } from "./pictures.ts"
import { ring as target, ringByMode as byMode, ringByRadius as byRadius, ringCentres } from "./targets/ring.ts"
import { boundedBy, textbookRealNVP } from "./textbook.ts"

const trained = 2000
const text = { couplings: 6, hidden: [128, 128] }

/** As the ring's text has it: tanh of the scales, last layers from 0, couplings that map data to base. */
export const ringFlow = ({
  couplings,
  hidden,
  context = 0
}: {
  readonly couplings: number
  readonly hidden: ReadonlyArray<number>
  readonly context?: number
}) => textbookRealNVP({ size: 2, couplings, hidden, context, towards: "base", logScale: boundedBy(1), outputScale: 0 })

export const ringBudget: DensityOptions = {
  epochs: 300,
  batch: 256,
  heldOut: 0,
  learningRate: constantRate(1e-3),
  engine: wasm({ precision: "float32" })
}

const nearest = (x: ArrayLike<number>): number => {
  const distances = ringCentres.map(([a, b]) => (x[0]! - a) ** 2 + (x[1]! - b) ** 2)
  return distances.indexOf(Math.min(...distances))
}
const modeOf = (x: ArrayLike<number>): string => `mode ${nearest(x) + 1}`

const window = square(4.2)

export const ring = densityEntry({
  name: "ring",
  title: "A ring of eight Gaussians",
  about:
    "Eight normal distributions of standard deviation 0.25 on a circle of radius 3: the smallest problem that a flow finds hard, since it has to tear one bump into eight. 2,000 points, RealNVP with six couplings.",
  target,
  points: trained,
  text: { flow: ringFlow(text), options: ringBudget, published: "−2.383 to −2.401, training" },
  own: { flow: neuralSplineFlow(), options: { epochs: 300, patience: 20 } },
  show: planePictures({ window, logDensity: target.logDensity, groupOf: modeOf, entropy: target.entropy })
})

export const ringByMode = densityEntry({
  name: "ring-by-mode",
  title: "The ring, given the mode",
  about:
    "The same ring, where the flow is told by a one-hot vector which of the eight modes a point comes from: what is left to learn is one normal distribution, moved about.",
  target: byMode,
  points: trained,
  text: { flow: ringFlow({ ...text, context: 8 }), options: ringBudget, published: "−0.026 to −0.030, training" },
  own: { flow: neuralSplineFlow(), options: { epochs: 300, patience: 20 } },
  show: ({ own }) =>
    Effect.gen(function* () {
      const modes = ringCentres.map((_, k) => k)
      const draws = yield* Effect.forEach(modes, (k) =>
        own.density.condition(modes.map((mode) => (mode === k ? 1 : 0))).draws(250, { seed: k })
      )
      const points = draws.flatMap(rowsOf)
      const group = draws.flatMap(({ shape: [count = 0] }, k) => Array.from({ length: count }, () => `mode ${k + 1}`))
      return {
        pictures: [
          {
            name: "modes",
            caption: "Draws given each mode, by the library's defaults.",
            specification: scatter2d(points, { group, domain: window })
          }
        ]
      }
    })
})

export const ringByRadius = densityEntry({
  name: "ring-by-radius",
  title: "The ring, given the radius of the point",
  about:
    "Here the flow is told how far the point itself lies from the origin, embedded by a small network. Given that, the point lies on a circle, where no density in the plane exists: the log density of a flow has no upper bound, and a training that went on would raise it for ever. The published figure says how long was trained, not how good the fit is; what can be judged is how the draws lie on their circles. The limit stated is that along the circle, of another measure.",
  target: byRadius,
  points: trained,
  text: {
    flow: ringFlow({ ...text, context: 16 }),
    options: { ...ringBudget, epochs: 1000, embedding: mlp({ inputs: 1, outputs: 16, hidden: [16] }) },
    published: "−0.639, training"
  },
  own: { flow: neuralSplineFlow(), options: { epochs: 300, patience: 20 } },
  seeds: [1],
  show: ({ text: asPublished, own }) =>
    Effect.gen(function* () {
      const radii = [2.5, 2.8, 3, 3.2, 3.5]
      const given = (density: typeof own.density) => Effect.forEach(radii, (r) => density.condition([r]).draws(200, { seed: 1 }))
      const groups = radii.flatMap((r) => Array.from({ length: 200 }, () => `r = ${r}`))
      const picture = (title: string, draws: ReadonlyArray<{ readonly data: ArrayLike<number>; readonly shape: ReadonlyArray<number> }>) =>
        scatter2d(
          draws.flatMap((d) => rowsOf(d as never)),
          { group: groups, domain: window, title }
        )
      return {
        pictures: [
          {
            name: "circles",
            caption: "Draws given five radii: they have to lie on circles, bunched at the eight modes.",
            specification: concat([
              picture("As in the text", yield* given(asPublished.density)),
              picture("By default", yield* given(own.density))
            ])
          }
        ]
      }
    })
})

/** The exponential of the entropy of how draws are shared among the modes: 8 where they are shared equally. */
const diversity = (draws: ReadonlyArray<ArrayLike<number>>): number => {
  const counts = ringCentres.map(() => 0)
  for (const x of draws) counts[nearest(x)]!++
  return Math.exp(counts.reduce((sum, n) => sum - (n === 0 ? 0 : (n / draws.length) * Math.log(n / draws.length)), 0))
}

export const layers: Entry = {
  name: "layers",
  title: "Layer by layer",
  about:
    "What each coupling of the ring's RealNVP does to the same draws, and how the training got there: the loss, the mean true log density of the draws, and their diversity, the effective number of modes that they cover.",
  run: Effect.gen(function* () {
    const data = yield* pointsOf(target, trained, 1)
    const steps = yield* Stream.runCollect(
      fitDensityStream(ringFlow(text), data.x, { ...ringBudget, seed: 1 }).pipe(
        Stream.filter(({ epoch }) => epoch.epoch === 1 || epoch.epoch % 5 === 0),
        Stream.mapEffect(({ epoch, density }) =>
          Effect.map(density.draws(1000), (draws) => {
            const rows = rowsOf(draws)
            const plausible = rows.reduce((sum, x) => sum + target.logDensity(x) / rows.length, 0)
            return { epoch, density, draws, plausible, diversity: diversity(rows) }
          })
        )
      )
    )
    const last = steps.at(-1)!
    const final = yield* last.density.layers(2000)
    const latent = yield* last.density.latent(data.x)
    const epochs = steps.map(({ epoch }) => epoch.epoch)
    const line = (y: ReadonlyArray<number>) => ({ x: epochs, y })
    return {
      figures: [],
      pictures: [
        {
          name: "layers",
          caption: "The same 2,000 draws after each coupling, coloured by the mode in which they end.",
          specification: layerByLayer(final, { group: rowsOf(final.at(-1)!.draws).map(modeOf) })
        },
        {
          name: "spaces",
          caption: "The points in data space, and where the inverse takes them.",
          specification: concat([
            scatter2d(data.x, { title: "Data space", group: rowsOf(data.x).map(modeOf), domain: window }),
            scatter2d(latent, { title: "Latent space", group: rowsOf(data.x).map(modeOf), domain: square(4) })
          ])
        },
        {
          name: "training",
          caption: "The loss by epoch, the true log density of the flow's draws, and the effective number of modes.",
          specification: concat([
            lossCurves(last.density.history, { title: "Loss", entropy: target.entropy }),
            curves(
              { "log density of draws": line(steps.map((s) => Math.max(-20, s.plausible))) },
              { title: "Draws", axes: ["epoch", "nats"] }
            ),
            curves({ diversity: line(steps.map((s) => s.diversity)) }, { title: "Modes covered", axes: ["epoch", "of 8"] })
          ])
        }
      ],
      films: [
        {
          name: "training",
          caption: "Draws while the flow is trained.",
          frames: steps.map(({ epoch, draws }) =>
            scatter2d(draws, { title: `Epoch ${epoch.epoch}`, group: rowsOf(draws).map(modeOf), domain: window })
          )
        }
      ]
    }
  })
}

/** How far a layer moves a draw of the plane, on average over layers and draws. */
const meanStep = (layers: ReadonlyArray<ArrayLike<number>>): number => {
  const [first, ...rest] = layers
  let [sum, before] = [0, first!]
  for (const after of rest) {
    for (let i = 0; i < after.length; i += 2) sum += Math.hypot(after[i]! - before[i]!, after[i + 1]! - before[i + 1]!)
    before = after
  }
  return (2 * sum) / (first!.length * rest.length)
}

const varied = [
  ...[2, 4, 8, 16, 50, 100].map((couplings) => ({
    entry: `depth-${couplings}`,
    along: "couplings",
    size: couplings,
    couplings,
    width: 128
  })),
  ...[16, 32, 64, 128].map((width) => ({ entry: `width-${width}`, along: "width", size: width, couplings: 6, width }))
]

export const depthAndWidth: Entry = {
  name: "depth-and-width",
  title: "Depth and width",
  about: "The ring by 2 to 100 couplings, and by networks 16 to 128 wide: quality, time, and how far the single steps of the flow go.",
  run: Effect.gen(function* () {
    const data = yield* pointsOf(target, trained, 1)
    const limit = yield* limitOf(target)
    const runs = yield* Effect.forEach(varied, ({ couplings, width, ...which }) =>
      Effect.gen(function* () {
        const flow = ringFlow({ couplings, hidden: [width, width] })
        const result = yield* train(target, { flow, options: { ...ringBudget, seed: 1 } }, data)
        const drawn = yield* result.density.layers(1000)
        return { ...which, ...result, step: meanStep(drawn.map(({ draws }) => draws.data)) }
      })
    )
    const along = (name: string, y: (run: (typeof runs)[number]) => number) =>
      runs.filter((run) => run.along === name).map((run) => ({ size: run.size, value: y(run) }))
    const panel = (name: string, title: string, y: (run: (typeof runs)[number]) => number, unit: string) =>
      scaling({ [title]: along(name, y) }, { title, axes: [name, unit] })
    return {
      figures: runs.map(({ entry, heldOut, seconds }) => ({ entry, ours: heldOut, limit, peer: entry, seconds })),
      pictures: ["couplings", "width"].map((name) => ({
        name,
        caption: `Held-out distance to the truth, seconds of training, and the mean distance that one coupling moves a draw, against ${name}.`,
        specification: concat([
          panel(name, "Distance to the truth", ({ heldOut }) => limit - heldOut.value, "nats"),
          panel(name, "Time", ({ seconds }) => seconds, "seconds"),
          panel(name, "Size of a step", ({ step }) => step, "mean distance")
        ])
      }))
    }
  })
}

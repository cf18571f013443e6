/** Two circles, by splines: each coordinate on its own, both by a coupling, and the second given the first. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type DensityOptions, fitDensityStream } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { learnableSpline, sequence } from "pushforward/learnables"
import { density2d } from "pushforward/plot"
import { type DensityEntry, densityEntry, type Points } from "./densityEntry.ts"
import type { Film } from "./entry.ts"
import { isFrame, planePictures, square, surfaceOf, trueSurface } from "./pictures.ts"
import { twoCircles as target } from "./targets/twoCircles.ts"
import { plainly, splineOfFirst, splineOfSecond } from "./textbook.ts"

const trained = 1000

const budget = (steps: number, rate: number): DensityOptions => ({
  steps,
  batch: trained,
  ...plainly(rate)
})

const own = { flow: neuralSplineFlow(), options: { epochs: 600, patience: 60 } } as const
const window = square(2.2)
const pictures = planePictures({ window, logDensity: target.logDensity, entropy: target.entropy })

const circles = (entry: Pick<DensityEntry, "name" | "title" | "about" | "text" | "seeds"> & Partial<Pick<DensityEntry, "show">>) =>
  densityEntry({ target, points: trained, own, show: pictures, ...entry })

/** The density by default every few epochs, beside the truth. */
const training = ({ x }: Points): Effect.Effect<Film, Error> => {
  const [last, every, cells] = [200, 4, 120]
  const truth = trueSurface(target.logDensity, window, cells)
  const frames = fitDensityStream(own.flow, x, { epochs: own.options.epochs, seed: 1 }).pipe(
    Stream.takeWhile(({ epoch }) => epoch.epoch <= last),
    Stream.filter(isFrame(every)),
    Stream.mapEffect(({ epoch, density }) =>
      Effect.map(surfaceOf(density, window, cells), (flow) => density2d({ flow, truth }, { title: `Epoch ${epoch.epoch}`, highest: 0.8 }))
    )
  )
  return Effect.map(Stream.runCollect(frames), (drawn) => ({
    name: "film",
    caption: "The density by default while it is trained, beside the truth.",
    frames: drawn
  }))
}

export const circlesSpline = circles({
  name: "circles-spline",
  title: "Two circles, by elementwise splines",
  about:
    "A spline for each coordinate: the marginals are right, and the circles become a square pattern, since nothing couples the coordinates. The published figure is the mean over points and coordinates, half of the log density of a point.",
  text: {
    flow: learnableSpline({ size: 2, bins: 16, bound: 3 }),
    options: budget(1000, 1e-2),
    published: "−1.2545 a coordinate, −2.509 in all, training"
  }
})

export const circlesCoupling = circles({
  name: "circles-spline-coupling",
  title: "Two circles, by a spline coupling",
  about:
    "One coupling: the second coordinate goes through a spline whose knots depend on the first. The published loss at its best lies below the entropy of the truth, 1.761 nats: it is of the 1,000 points that were trained on, which 5,000 steps overfit.",
  text: {
    flow: sequence([splineOfSecond({ bins: 16, bound: 3, hidden: [20, 20] }), splineOfFirst({ bins: 16, bound: 3 })]),
    options: budget(5000, 5e-3),
    published: "−1.6506 at best, −1.8024 at the end, training"
  },
  show: (shown) =>
    Effect.gen(function* () {
      return { ...(yield* pictures(shown)), films: [yield* training(shown.data)] }
    })
})

export const circlesConditional = circles({
  name: "circles-conditional-spline",
  title: "Two circles, as p(x₁) p(x₂ | x₁)",
  about:
    "The first coordinate by a spline, the second by a spline given the first: autoregression in two dimensions. The text's small network ends in one of several optima, by its seed.",
  text: {
    flow: sequence([splineOfFirst({ bins: 8, bound: 3 }), splineOfSecond({ bins: 8, bound: 3, hidden: [10, 10] })]),
    options: budget(5000, 3e-3),
    published: "−1.8246, training"
  },
  seeds: [1, 2, 3, 4, 5, 6, 7]
})

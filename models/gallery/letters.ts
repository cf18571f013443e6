/** Samples that spell a word. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { fitDensityStream } from "pushforward"
import { neuralSplineFlow } from "pushforward/guides"
import { scatter2d } from "pushforward/plot"
import { densityEntry } from "./densityEntry.ts"
import { isFrame, planePictures, type Window } from "./pictures.ts"
import { letters as lettersOf } from "./targets/letters.ts"
import { plainly, textbookRealNVP } from "./textbook.ts"

const target = lettersOf("WOW")
const window: Window = { x: [-3.2, 3.2], y: [-2, 2] }

const text = {
  flow: textbookRealNVP({ size: 2, couplings: 8, hidden: [32, 32], activation: "leakyRelu" }),
  options: { epochs: 600, batch: 256, ...plainly() }
} as const

const own = { flow: neuralSplineFlow({ couplings: 8, hidden: [64, 64], bins: 16 }), options: { epochs: 600, patience: 40 } }

const frames = 60

export const letters = densityEntry({
  name: "letters",
  title: "Letters",
  about:
    "5,000 points from the pixels of a word. Its density is flat with straight edges and holes, about the least smooth thing that a flow, which is smooth, can be asked for. The scales of the text's couplings have no bounds, so that what a training reaches differs much by its seed, here as in PyTorch. The density by default is a spline flow of eight couplings.",
  target,
  points: 5000,
  text: { ...text, published: "letters legible" },
  own,
  seeds: [1, 2, 3, 4, 5, 6, 7],
  show: (sides) =>
    Effect.gen(function* () {
      const { pictures } = yield* planePictures({ window, logDensity: target.logDensity, entropy: target.entropy })(sides)
      const every = Math.round(own.options.epochs / frames)
      const drawn = yield* Stream.runCollect(
        fitDensityStream(own.flow, sides.data.x, { epochs: own.options.epochs, seed: 1 }).pipe(
          Stream.filter(isFrame(every)),
          Stream.mapEffect(({ epoch, density }) =>
            Effect.map(density.draws(3000), (draws) => scatter2d(draws, { title: `Epoch ${epoch.epoch}`, domain: window, most: 3000 }))
          )
        )
      )
      return { pictures, films: [{ name: "training", caption: "Draws while the flow is trained.", frames: drawn }] }
    })
})

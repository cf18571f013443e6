/** Two moons, by fresh points each step. */
import { neuralSplineFlow } from "pushforward/guides"
import { densityEntry } from "./densityEntry.ts"
import { planePictures, type Window } from "./pictures.ts"
import { twoMoons as target } from "./targets/twoMoons.ts"
import { boundedBy, plainly, textbookRealNVP } from "./textbook.ts"

const window: Window = { x: [-1.5, 2.5], y: [-1.75, 2.25] }

export const twoMoons = densityEntry({
  name: "two-moons",
  title: "Two moons",
  about:
    "The classic, by points that are drawn anew in each step: the model of the data goes into the compiled step itself, and no point is seen twice. The true density is known by quadrature over the angle.",
  target,
  points: "fresh",
  text: {
    flow: textbookRealNVP({ size: 2, couplings: 8, hidden: [128, 128], logScale: boundedBy(2.5), outputScale: 0 }),
    options: {
      steps: 4000,
      batch: 1024,
      ...plainly()
    },
    published: "none"
  },
  own: { flow: neuralSplineFlow(), options: { steps: 4000, batch: 1024 } },
  show: planePictures({ window, logDensity: target.logDensity, entropy: target.entropy })
})

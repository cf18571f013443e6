/** The ring of eight Gaussians: its density. */
import { neuralSplineFlow } from "pushforward/guides"
import { densityEntry } from "../densityEntry.ts"
import { planePictures } from "../pictures.ts"
import { modeOf, ringBudget, ringFlow, ringText, ringTrained, ringWindow } from "./text.ts"
import { ring as target } from "../targets/ring.ts"

export const ring = densityEntry({
  name: "ring",
  title: "A ring of eight Gaussians",
  about:
    "Eight normal distributions of standard deviation 0.25 on a circle of radius 3: the smallest problem that a flow finds hard, since it has to tear one bump into eight. 2,000 points, RealNVP with six couplings.",
  target,
  points: ringTrained,
  text: { flow: ringFlow(ringText), options: ringBudget, published: "−2.383 to −2.401, training" },
  own: { flow: neuralSplineFlow(), options: { epochs: 300, patience: 20 } },
  show: planePictures({ window: ringWindow, logDensity: target.logDensity, groupOf: modeOf, entropy: target.entropy })
})

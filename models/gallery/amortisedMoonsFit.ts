/** The posterior of the double moon's noise and dilation for any set of points, by one conditional flow. */
import type * as Effect from "effect/Effect"
import { fitAmortised, type NDArray, type Objective, type TrainingOptions, wasm } from "pushforward"
import { amortised, neuralSplineFlow } from "pushforward/guides"
import { doubleMoonPoints } from "./targets/doubleMoonInference.ts"

/** How many points a set has. */
export const sizes = { fewest: 5, most: 500 } as const

/** Noise is fine beside the moons, so that it matters where exactly points lie: their characteristic function is what tells it. */
const guide = amortised(neuralSplineFlow(), { fourier: { features: 64 } })

/** Moon and angle of each point are summed out by the model; a step has 128 fresh sets. */
export const fitMoons = (objective: Objective, options: TrainingOptions = {}) =>
  fitAmortised(doubleMoonPoints({ size: sizes.most, nodes: 64 }), guide, {
    observed: ["x"],
    set: { plate: "point", fewest: sizes.fewest },
    objective,
    engine: wasm({ precision: "float32" }),
    seed: 1,
    ...options
  })

export type AmortisedMoons = Effect.Success<ReturnType<typeof fitMoons>>

/** The model with its points [n, 2]. */
export const moonsAt = (x: NDArray) => doubleMoonPoints({ size: x.shape[0]!, x })

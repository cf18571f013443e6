/** A target's density on a grid. */
import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type { Engine } from "pushforward"
import { compute } from "../../src/model/compute.ts"
import { enter, leave, newAxis, under } from "../../src/trace/axes.ts"
import { placeholder } from "../../src/trace/trace.ts"
import type { Plane } from "../catalogue/menu.ts"
import type { Picture } from "../protocol.ts"

const size = 160

const centre = ([from, to]: readonly [number, number], i: number): number => from + ((to - from) * (i + 0.5)) / size

export const pictureOf = (logProb: (x: tf.Tensor) => tf.Tensor, { x, y }: Plane["view"], engine: Engine) =>
  Effect.map(
    compute(
      () => {
        const axis = newAxis("point", size * size)
        return under(axis, () => leave(logProb(enter(placeholder("points", [size * size, 2]), axis)), axis))
      },
      { engine },
      {
        points: Float32Array.from({ length: 2 * size * size }, (_, k) =>
          k % 2 === 0 ? centre(x, (k >> 1) % size) : centre(y, Math.floor((k >> 1) / size))
        )
      }
    ),
    ({ data }): Picture => ({ size, values: Float32Array.from(data, Math.exp) })
  )

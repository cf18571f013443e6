/** The models that can be chosen, with their data. */
import * as tf from "@tensorflow/tfjs-core"
import { type Model, model, observe, plate, sample } from "pushforward"
import { Flat, HalfCauchy, Normal } from "pushforward/distributions"
import { eightSchools, eightSchoolsNoncentered, schools } from "../../models/eightSchools.ts"
import { gaussianMixture } from "../../models/gaussianMixture.ts"
import { normals } from "../../src/random/draws.ts"
import { keyOf } from "../../src/random/key.ts"
import type { ModelId } from "../catalogue/menu.ts"

/** Speed in miles an hour and stopping distance in feet (Ezekiel 1930, "Methods of Correlation Analysis"). */
const cars = {
  speed: [
    4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 16, 16, 17, 17, 17, 18, 18, 18, 18,
    19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24, 25
  ],
  distance: [
    2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20, 26, 54, 32, 40, 32, 40, 50, 42, 56, 76,
    84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93, 120, 85
  ]
}

const stoppingDistances = model(function* (data: typeof cars) {
  const beta = yield* sample("beta", Flat([2]))
  const sigma = yield* sample("sigma", HalfCauchy(10))
  yield* plate("car", data, function* (car) {
    const expected = tf.dot(tf.stack([tf.onesLike(car.speed), car.speed]), beta)
    yield* observe("distance", Normal(expected, sigma), car.distance)
  })
})

/** 60 numbers about −1.2 and 90 about 1.4. */
const twoGroups = Array.from(normals(keyOf(3), 150), (z, i) => (i < 60 ? -1.2 + 0.8 * z : 1.4 + 0.9 * z))

/** Models have types of their own; what is made of them here is told by their sites' names. */
export type AnyModel = Model<unknown, never>

export const posed: Readonly<Record<ModelId, AnyModel>> = {
  "eight-schools": eightSchools(schools) as AnyModel,
  "eight-schools-noncentered": eightSchoolsNoncentered(schools) as AnyModel,
  mixture: gaussianMixture(twoGroups) as AnyModel,
  regression: stoppingDistances(cars) as AnyModel
}

/** GARCH(1, 1): the variance of a day follows the day before, its shock and its variance (Bollerslev 1986). */
import * as tf from "@tensorflow/tfjs-core"
import { markov, model, observe, sample } from "pushforward"
import { interval, positive } from "pushforward/constraints"
import { Flat, ImproperUniform, Normal } from "pushforward/distributions"

export interface Returns {
  readonly y: ReadonlyArray<number>
  /** The standard deviation of the first day. */
  readonly sigma1: number
}

export const garch = model(function* ({ y, sigma1 }: Returns) {
  const mu = yield* sample("mu", Flat())
  const alpha0 = yield* sample("alpha0", ImproperUniform(positive))
  const alpha1 = yield* sample("alpha1", ImproperUniform(interval(0, 1)))
  const beta1 = yield* sample("beta1", ImproperUniform(interval(0, tf.sub(1, alpha1))))
  yield* markov("day", sigma1 ** 2, y, function* (variance, seen) {
    const y = yield* observe("y", Normal(mu, tf.sqrt(variance)), seen)
    return tf.addN([alpha0, tf.mul(alpha1, tf.square(tf.sub(y, mu))), tf.mul(beta1, variance)])
  })
})

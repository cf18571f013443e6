/** A mixture of two normal distributions, told apart by the order of their means. */
import * as tf from "@tensorflow/tfjs-core"
import { model, observe, plate, sample } from "pushforward"
import { ordered } from "pushforward/constraints"
import { Beta, type Distribution, HalfNormal, Mixture, Normal } from "pushforward/distributions"
import { sort } from "pushforward/math"

/** The smaller and the larger of two equally distributed components: their joint density twice over, where they are in order. */
const Sorted = (pair: Distribution<"real">): Distribution<"real"> => ({
  ...pair,
  name: `Sorted ${pair.name}`,
  support: ordered,
  logProb: (value) => tf.add(pair.logProb(value), tf.log(2)),
  sample: (noise) => sort(pair.sample(noise))
})

export const gaussianMixture = model(function* (y: ReadonlyArray<number>) {
  const mu = yield* sample("mu", Sorted(Normal([0, 0], 2)))
  const sigma = yield* sample("sigma", HalfNormal([2, 2]))
  const theta = yield* sample("theta", Beta(5, 5))
  const logits = tf.stack([tf.log(theta), tf.log1p(tf.neg(theta))])
  const [mu1, mu2] = tf.unstack(mu)
  const [sigma1, sigma2] = tf.unstack(sigma)
  yield* plate("row", y, function* (seen) {
    yield* observe("y", Mixture(logits, [Normal(mu1!, sigma1!), Normal(mu2!, sigma2!)]), seen)
  })
})

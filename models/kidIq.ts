/** Children's test scores on their mothers' IQ (Gelman and Hill 2007, section 3.1). Intercept and slope correlate at -0.99. */
import * as tf from "@tensorflow/tfjs-core"
import { model, observe, plate, sample } from "pushforward"
import { Flat, HalfCauchy, Normal } from "pushforward/distributions"

export interface Children {
  readonly kid_score: ReadonlyArray<number>
  readonly mom_iq: ReadonlyArray<number>
}

export const kidIq = model(function* ({ kid_score, mom_iq }: Children) {
  const beta = yield* sample("beta", Flat([2]))
  const sigma = yield* sample("sigma", HalfCauchy(2.5))
  yield* plate("child", { kid_score, mom_iq }, function* (child) {
    const expected = tf.dot(tf.stack([tf.onesLike(child.mom_iq), child.mom_iq]), beta)
    yield* observe("kid_score", Normal(expected, sigma), child.kid_score)
  })
})

/**
 * A hidden Markov model of two states, summed out by the forward algorithm. Its recursion is written over a semiring: with sums of products
 * it gives the likelihood, with maxima of products the weight of the most probable path (Goodman 1999, Semiring Parsing).
 */
import type { Semiring } from "#fp-ts/Semiring"
import * as tf from "@tensorflow/tfjs-core"
import { factor, markov, model, sample } from "pushforward"
import { positiveOrdered } from "pushforward/constraints"
import { Dirichlet, ImproperUniform, Normal } from "pushforward/distributions"
import { logAddExp } from "pushforward/math"

/** Weights as logarithms: those of the steps of one path are multiplied; `add` says what becomes of paths that join. */
const logWeights = (add: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Semiring<tf.Tensor> => ({
  add,
  mul: tf.add,
  get zero() {
    return tf.scalar(-Infinity)
  },
  get one() {
    return tf.scalar(0)
  }
})

export const sumProduct = logWeights(logAddExp)
export const maxProduct = logWeights(tf.maximum)

/** The weights [K] of being in each state after a transition, from those before it and the matrix [from, to]. */
export const advance = ({ add, mul }: Semiring<tf.Tensor>, weights: tf.Tensor, transitions: tf.Tensor): tf.Tensor => {
  const before = tf.unstack(weights)
  return tf
    .unstack(transitions)
    .map((to, from) => mul(before[from]!, to))
    .reduce(add)
}

export const hmm = model(function* (y: ReadonlyArray<number>) {
  const theta1 = yield* sample("theta1", Dirichlet([1, 1]))
  const theta2 = yield* sample("theta2", Dirichlet([1, 1]))
  const mu = yield* sample("mu", ImproperUniform(positiveOrdered, [2]))
  yield* factor("mu prior", Normal([3, 10], 1).logProb(mu))

  const transitions = tf.log(tf.stack([theta1, theta2]))
  const states = tf.unstack(mu).map((mean) => Normal(mean, 1))
  yield* markov("time", [0, 0], y, function* (predicted, seen) {
    const weights = tf.add(predicted, tf.stack(states.map((state) => state.logProb(seen))))
    const evidence = tf.logSumExp(weights)
    yield* factor("y", evidence)
    return advance(sumProduct, tf.sub(weights, evidence), transitions)
  })
})

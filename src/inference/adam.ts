/** Adam on one flat vector, recorded into the step. */
import { log } from "../special/index.ts"
import * as tf from "@tensorflow/tfjs-core"
import { constant } from "../trace/tensor.ts"

export interface Moments {
  readonly first: tf.Tensor
  readonly second: tf.Tensor
}

const decay = { first: 0.9, second: 0.999 } as const

/** Beside ε moments below this move nothing; as subnormal numbers, to which those of units without a gradient decay, they slow each step down. */
const negligible = 1e-30

/** The running mean m ← β m + (1 − β) x. */
const mix = (m: tf.Tensor, x: tf.Tensor, beta: number): tf.Tensor => {
  const mean = tf.add(tf.mul(m, constant(beta)), tf.mul(x, constant(1 - beta)))
  return tf.where(tf.less(tf.abs(mean), constant(negligible)), tf.zerosLike(mean), mean)
}

/**
 * One step that ascends `gradient`: parameters + rate · m̂ / (√v̂ + ε), `count` the number of this step, from 1.
 *
 * @see Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1.
 */
export const adam = (
  parameters: tf.Tensor,
  gradient: tf.Tensor,
  moments: Moments,
  rate: tf.Tensor,
  count: tf.Tensor
): Moments & { readonly parameters: tf.Tensor } => {
  const first = mix(moments.first, gradient, decay.first)
  const second = mix(moments.second, tf.square(gradient), decay.second)
  const unbiased = (m: tf.Tensor, beta: number): tf.Tensor => tf.div(m, tf.neg(tf.expm1(tf.mul(count, constant(log(beta))))))
  const step = tf.div(unbiased(first, decay.first), tf.add(tf.sqrt(unbiased(second, decay.second)), constant(1e-8)))
  return { parameters: tf.add(parameters, tf.mul(step, rate)), first, second }
}

/** Objectives are data: what a step estimates, and by which gradient. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import type { TensorParams } from "../learnable/learnable.ts"
import { minibatch } from "../model/runPlate.ts"
import type { Approximation, Given } from "./approximation.ts"
import type { ModelParams } from "./target.ts"

/**
 * The reverse KL divergence KL(q ‖ p) up to the log evidence: the ELBO, E_q[log p(z, y) − log q(z)].
 *
 * `path` takes the path derivative of its gradient, which leaves out the score of q (its expectation is 0) and has no variance where
 * q = p; `plain` the whole reparameterised gradient.
 *
 * @see Roeder, Wu & Duvenaud 2017, "Sticking the Landing"; for flows Agrawal, Sheldon & Domke 2020.
 */
export interface ReverseKL {
  readonly _tag: "ReverseKL"
  readonly gradient: "path" | "plain"
}

/**
 * The forward KL divergence KL(p ‖ q), averaged over simulated data sets: E[log q(z | y)] over draws of the joint distribution, neural
 * posterior estimation. It covers all of the posterior's mass, and needs no density of the model.
 *
 * @see Papamakarios & Murray 2016, "Fast ε-free Inference of Simulation Models"; Lueckmann et al. 2021.
 */
export interface ForwardKL {
  readonly _tag: "ForwardKL"
}

/**
 * First the forward KL divergence, which finds where the mass is; then the reverse one, which trims the tails that few simulations reach.
 */
export interface RefinedKL {
  readonly _tag: "RefinedKL"
  /** The share of the steps that are the forward one's. */
  readonly forward: number
  readonly reverse: ReverseKL
}

export type Objective = ReverseKL | ForwardKL | RefinedKL

export const reverseKL = (options: { readonly gradient?: "path" | "plain" } = {}): ReverseKL => ({
  _tag: "ReverseKL",
  gradient: options.gradient ?? "path"
})

export const forwardKL = (): ForwardKL => ({ _tag: "ForwardKL" })

/** `forward` is the share of the steps by the forward KL divergence, by default a tenth. */
export const refinedKL = (options: { readonly forward?: number } = {}): RefinedKL => {
  const { forward = 0.1 } = options
  if (forward >= 0 && forward <= 1) return { _tag: "RefinedKL", forward, reverse: reverseKL() }
  throw new ArgumentError({ argument: "refinedKL.forward", expected: "a share from 0 to 1", received: String(forward) })
}

/** What one draw of the guide adds to the reverse KL's objective, to be maximised. */
export const reverseTerm = (
  { gradient }: ReverseKL,
  approximation: Approximation,
  guide: TensorParams,
  model: ModelParams,
  given: Given = {}
): tf.Tensor => {
  const { logJoint, logGuide } = approximation.draw(guide, model, { path: gradient === "path", rows: minibatch, ...given })
  return tf.sub(logJoint, logGuide)
}

/**
 * The term itself above `floor`, and floor − log(1 + floor − term) below: concave and increasing, so that the optimum stays where it is, but
 * a data set that the guide does not know yet pulls no harder than any other.
 */
export const softened = (term: tf.Tensor, floor: tf.Tensor): tf.Tensor => {
  const below = tf.less(term, floor)
  const gap = tf.where(below, tf.sub(floor, term), tf.zerosLike(term))
  return tf.where(below, tf.sub(floor, tf.log1p(gap)), term)
}

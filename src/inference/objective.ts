/** Objectives are data: what a step estimates, and by which gradient. */
import * as tf from "@tensorflow/tfjs-core"
import type { TensorParams } from "../learnable/learnable.ts"
import type { Approximation } from "./approximation.ts"
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

export type Objective = ReverseKL

export const reverseKL = (options: { readonly gradient?: "path" | "plain" } = {}): ReverseKL => ({
  _tag: "ReverseKL",
  gradient: options.gradient ?? "path"
})

/** What one draw adds to the objective, to be maximised. */
export const termOf = (
  objective: Objective,
  approximation: Approximation,
  guide: TensorParams,
  model: ModelParams,
  context?: tf.Tensor
): tf.Tensor => {
  const { logJoint, logGuide } = approximation.draw(guide, model, {
    path: objective.gradient === "path",
    ...(context === undefined ? {} : { context })
  })
  return tf.sub(logJoint, logGuide)
}

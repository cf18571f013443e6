/** Reading a parameter tree by name. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import type { TensorParams } from "./learnable.ts"

/** The part of a tree under `name`. */
export const branchOf = (owner: string, params: TensorParams, name: string): TensorParams => {
  const branch = params instanceof tf.Tensor ? undefined : params[name]
  if (branch === undefined) {
    throw new ArgumentError({
      argument: `${owner}.build.params`,
      expected: `a tree with "${name}"`,
      received:
        params instanceof tf.Tensor
          ? "a tensor"
          : `one with ${
              Object.keys(params)
                .map((k) => `"${k}"`)
                .join(", ") || "nothing"
            }`,
      remedy: "Build with parameters from this learnable's own init."
    })
  }
  return branch
}

/** The tensor under `name`. */
export const tensorAt = (owner: string, params: TensorParams, name: string): tf.Tensor => {
  const leaf = branchOf(owner, params, name)
  if (leaf instanceof tf.Tensor) return leaf
  throw new ArgumentError({ argument: `${owner}.build.params`, expected: `a tensor at "${name}"`, received: "a subtree" })
}

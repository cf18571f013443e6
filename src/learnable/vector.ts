import type * as tf from "@tensorflow/tfjs-core"
import type { NDArray } from "../graph/types.ts"
import type { Key } from "../random/key.ts"
import { ArgumentError } from "../errors.ts"
import { branchOf, tensorAt } from "./access.ts"
import { zeros } from "./arrays.ts"
import type { FlowContext, Learnable, Params } from "./learnable.ts"
import { contextOf, mlp, type NetworkOptions } from "./mlp.ts"

export interface ConditionalOptions extends NetworkOptions {
  /** The length of the context that it is conditioned on, by a network; by default it has none. */
  readonly context?: number
}

/** A positive whole number, checked. */
export const countOf = (argument: string, n: number): number => {
  if (Number.isInteger(n) && n > 0) return n
  throw new ArgumentError({ argument, expected: "a positive integer", received: String(n) })
}

/** `length` parameters of a bijector called `name`, which begin at `start` or near it. */
export const learnableVector = (
  name: string,
  length: number,
  { context = 0, outputScale = 1e-3, ...network }: ConditionalOptions,
  start: (key: Key) => NDArray = () => zeros([length])
): Learnable<tf.Tensor, FlowContext> => {
  if (context === 0) return { name, init: (key) => ({ raw: start(key) }), build: (params) => tensorAt(name, params, "raw") }
  const conditioner = mlp({ ...network, inputs: context, outputs: length, outputScale })
  const lastBias = `bias ${(network.hidden ?? [0, 0]).length + 1}`
  return {
    name,
    init: (key) => ({ network: { ...(conditioner.init(key) as Record<string, Params>), [lastBias]: start(key) } }),
    build: (params, given) => conditioner.build(branchOf(name, params, "network"))(contextOf(name, given, context))
  }
}

/** A bijector by the vector of its parameters. */
export const learnedBy = <A>(vector: Learnable<tf.Tensor, FlowContext>, build: (raw: tf.Tensor) => A): Learnable<A, FlowContext> => ({
  ...vector,
  build: (params, given) => build(vector.build(params, given))
})

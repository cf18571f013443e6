/** Learnable: the one idea for whatever has parameters. A network builds a function, a flow a bijector, an encoder a context. */
import type * as tf from "@tensorflow/tfjs-core"
import type { NDArray } from "../graph/types.ts"
import type { Key } from "../random/key.ts"

/** A plain readonly tree of arrays (or, while a program is traced, of tensors). */
export type Tree<A> = A | { readonly [name: string]: Tree<A> }
export type Params = Tree<NDArray>
export type TensorParams = Tree<tf.Tensor>

export interface Learnable<out A, in Context = void> {
  readonly name: string
  /** Parameters to start from; a function of the key alone. */
  readonly init: (key: Key) => Params
  readonly build: (params: TensorParams, context: Context) => A
}

/** What a conditional bijector is built from: a context where it was made with one, nothing otherwise. */
export type FlowContext = tf.Tensor | void

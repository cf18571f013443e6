/** The training step as one program: draws, objective, reverse mode and optimiser. */
import * as tf from "@tensorflow/tfjs-core"
import { sizeOf } from "../graph/shape.ts"
import type { Program } from "../graph/types.ts"
import type { Params, TensorParams } from "../learnable/learnable.ts"
import { mapTree, sizeOfTree } from "../learnable/tree.ts"
import { float64 } from "../math/precision.ts"
import type { Axis } from "../trace/axes.ts"
import { leave, newAxis, sumOver, under } from "../trace/axes.ts"
import { gradient, placeholder, programOf, trace, withOrigin } from "../trace/trace.ts"
import { adam } from "./adam.ts"
import type { ModelParams } from "./target.ts"

/** Parameters as the optimiser sees them: one vector, cut into the tensors of the tree. */
export interface Trained {
  readonly guide: TensorParams
  readonly model: ModelParams
}

/** The pieces of a flat vector in the shapes of a tree, and in the order of its leaves. */
export const cut = (vector: tf.Tensor, like: Params): { readonly tree: TensorParams; readonly pieces: ReadonlyArray<tf.Tensor> } => {
  const pieces: Array<tf.Tensor> = []
  let offset = 0
  const tree = mapTree(like, (leaf, path) => {
    const size = sizeOf(leaf.shape)
    const piece = withOrigin(`parameter ${path}`, () => tf.reshape(tf.slice(vector, [offset], [size]), [...leaf.shape]))
    offset += size
    pieces.push(piece)
    return piece
  })
  return { tree, pieces }
}

export const asTrained = (tree: TensorParams): Trained => {
  const branches = tree as { readonly guide: TensorParams; readonly model: ModelParams }
  return { guide: branches.guide, model: branches.model }
}

/** A step's program, and of how many draws it is. */
export interface Step {
  readonly program: Program
  readonly draws: number
}

/** The inputs that a step's first outputs are the next values of. */
export const stateInputs: ReadonlyArray<string> = ["parameters", "first", "second"]

/**
 * Inputs: `parameters`, `first`, `second` [P], `rate`, `count`, `key`, and what `term` asks for. Outputs: the next three, and a summary [3]: the mean of the terms of
 * the draws, the sum of their squared distances from it, and the square of the gradient's norm.
 */
export const stepOf = (like: Params, draws: number, term: Term): Step => stepOfAll(like, [{ draws, term }])

export type Term = (trained: Trained, axis: Axis) => tf.Tensor

/** The same with draws of several kinds, each with a term of its own: their mean over all. */
export const stepOfAll = (like: Params, kinds: ReadonlyArray<{ readonly draws: number; readonly term: Term }>): Step => {
  const draws = kinds.reduce((sum, kind) => sum + kind.draws, 0)
  const record = (): Program => {
    const size = sizeOfTree(like)
    const [parameters, first, second] = stateInputs.map((name) => placeholder(name, [size])) as [tf.Tensor, tf.Tensor, tf.Tensor]
    const { tree, pieces } = cut(parameters, like)
    const parts = kinds.map((kind, i) => {
      const axis = newAxis(i === 0 ? "particle" : `particle ${i + 1}`, kind.draws)
      return under(axis, () => {
        const one = kind.term(asTrained(tree), axis)
        return { terms: leave(one, axis), sum: sumOver(one, axis, 1 / draws) }
      })
    })
    const gradients = gradient(
      parts.map(({ sum }) => sum).reduce((a, b) => tf.add(a, b)),
      pieces
    )
    const flat = tf.concat(gradients.map((g) => tf.reshape(g, [g.size])))
    const next = withOrigin("optimiser", () => adam(parameters, flat, { first, second }, placeholder("rate", []), placeholder("count", [])))
    const terms = tf.concat(parts.map((part) => float64(part.terms)))
    const mean = tf.mean(terms)
    const summary = tf.stack([mean, tf.sum(tf.squaredDifference(terms, mean)), float64(tf.sum(tf.square(flat)))])
    return programOf([next.parameters, next.first, next.second, summary])
  }
  return { program: trace(record).result, draws }
}

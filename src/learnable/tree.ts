/** Parameter trees: one traversal, and the folds and maps that are its instances. Keys are visited sorted. */
import type { Applicative, Applicative1, Applicative2, Applicative2C } from "#fp-ts/Applicative"
import { getApplicative, make } from "#fp-ts/Const"
import type { HKT, Kind, Kind2, URIS, URIS2 } from "fp-ts/HKT"
import { Applicative as Identity } from "#fp-ts/Identity"
import { MonoidSum } from "#fp-ts/number"
import { getMonoid } from "#fp-ts/ReadonlyArray"
import { traverseWithIndex } from "#fp-ts/ReadonlyRecord"
import { Applicative as State, evaluate, type State as StateOf } from "#fp-ts/State"
import { ShapeError } from "../errors.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import type { Params, Tree } from "./learnable.ts"

/** What hangs in a tree: arrays, or tensors. */
export interface Leaf {
  readonly shape: Shape
}

const isLeaf = <A extends Leaf>(tree: Tree<A>): tree is A => Array.isArray(tree.shape)

/**
 * Visits the leaves with their paths, `coupling 2.network.weight 1`, in an applicative functor. Everything below is an instance.
 */
function traverse<F extends URIS2, E>(
  F: Applicative2C<F, E>
): <A extends Leaf, B>(visit: (leaf: A, path: string) => Kind2<F, E, B>) => (tree: Tree<A>) => Kind2<F, E, Tree<B>>
function traverse<F extends URIS2>(
  F: Applicative2<F>
): <A extends Leaf, B, E>(visit: (leaf: A, path: string) => Kind2<F, E, B>) => (tree: Tree<A>) => Kind2<F, E, Tree<B>>
function traverse<F extends URIS>(
  F: Applicative1<F>
): <A extends Leaf, B>(visit: (leaf: A, path: string) => Kind<F, B>) => (tree: Tree<A>) => Kind<F, Tree<B>>
function traverse<F>(
  F: Applicative<F>
): <A extends Leaf, B>(visit: (leaf: A, path: string) => HKT<F, B>) => (tree: Tree<A>) => HKT<F, Tree<B>> {
  const branches = traverseWithIndex(F)
  return <A extends Leaf, B>(visit: (leaf: A, path: string) => HKT<F, B>) => {
    const below =
      (path: string) =>
      (tree: Tree<A>): HKT<F, Tree<B>> =>
        isLeaf(tree) ? visit(tree, path) : branches((name, child: Tree<A>) => below(path === "" ? name : `${path}.${name}`)(child))(tree)
    return below("")
  }
}

/** The tree with every leaf replaced. */
export const mapTree = <A extends Leaf, B>(tree: Tree<A>, f: (leaf: A, path: string) => B): Tree<B> => traverse(Identity)(f)(tree)

/** The leaves with their paths, in the order in which they are flattened. */
export const leaves = <A extends Leaf>(tree: Tree<A>): ReadonlyArray<{ readonly path: string; readonly value: A }> =>
  traverse(getApplicative(getMonoid<{ readonly path: string; readonly value: A }>()))((value: A, path) =>
    make<ReadonlyArray<{ readonly path: string; readonly value: A }>, A>([{ path, value }])
  )(tree)

/** How many numbers a tree holds. */
export const sizeOfTree = (tree: Tree<Leaf>): number =>
  traverse(getApplicative(MonoidSum))((leaf: Leaf) => make<number, Leaf>(sizeOf(leaf.shape)))(tree)

/** All numbers of a tree in one vector. */
export const flatten = (params: Params): Float64Array => {
  const vector = new Float64Array(sizeOfTree(params))
  let offset = 0
  for (const { value } of leaves(params)) {
    vector.set(value.data, offset)
    offset += value.data.length
  }
  return vector
}

/** The tree of the same shape as `params` with the numbers of `vector`. */
export const unflatten = (params: Params, vector: ArrayLike<number>): Params => {
  const size = sizeOfTree(params)
  if (vector.length !== size) {
    throw new ShapeError({ where: "unflatten.vector", expected: `[${size}], the size of the tree`, received: `[${vector.length}]` })
  }
  const take = traverse(State)((leaf: NDArray): StateOf<number, NDArray> => (offset) => {
    const end = offset + leaf.data.length
    return [{ shape: leaf.shape, data: Float64Array.from({ length: leaf.data.length }, (_, i) => vector[offset + i]!) }, end]
  })
  return evaluate(0)(take(params))
}

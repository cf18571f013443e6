import { fold } from "../random/key.ts"
import { branchOf } from "./access.ts"
import type { Learnable } from "./learnable.ts"

/** What a learnable builds. */
type Built<L> = L extends { readonly build: (...args: never) => infer A } ? A : never

/**
 * A learnable made of others: `build` gets what each of them builds, by name, and the context. Their parameters stand under their names.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs-core"
 * import { affineCoupling } from "pushforward/bijectors"
 * import { combine, mlp } from "pushforward/learnables"
 *
 * const network = mlp({ inputs: 1, outputs: 1 })
 * const layer = combine("coupling", { scale: network, shift: network }, ({ scale, shift }) =>
 *   affineCoupling({ size: 2, conditioner: (x) => ({ logScale: tf.tanh(scale(x)), shift: shift(x) }) })
 * )
 * ```
 */
export const combine = <Parts extends Readonly<Record<string, Learnable<unknown, Context> | Learnable<unknown>>>, A, Context = void>(
  name: string,
  parts: Parts,
  build: (built: { readonly [Name in keyof Parts]: Built<Parts[Name]> }, context: Context) => A
): Learnable<A, Context> => {
  const all = Object.entries<Learnable<unknown, Context>>(parts as Readonly<Record<string, Learnable<unknown, Context>>>)
  return {
    name,
    init: (key) => Object.fromEntries(all.map(([label, part]) => [label, part.init(fold(key, label))])),
    build: (params, context) =>
      build(
        Object.fromEntries(all.map(([label, part]) => [label, part.build(branchOf(name, params, label), context)])) as {
          readonly [Name in keyof Parts]: Built<Parts[Name]>
        },
        context
      )
  }
}

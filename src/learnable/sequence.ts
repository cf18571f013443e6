import type { Bijector, Mapped } from "../bijector/bijector.ts"
import { chain } from "../bijector/chain.ts"
import { ArgumentError } from "../errors.ts"
import { fold } from "../random/key.ts"
import { isTracing } from "../trace/tensor.ts"
import { withOrigin } from "../trace/trace.ts"
import { branchOf } from "./access.ts"
import type { Learnable, Params } from "./learnable.ts"

/** The bijector under the name of its parameters, which what it records bears too, for messages. */
const labelled = (label: string, bijector: Bijector): Bijector => {
  const under = (run: () => Mapped): Mapped => (isTracing() ? withOrigin(label, run) : run())
  return { ...bijector, name: label, forward: (x) => under(() => bijector.forward(x)), inverse: (y) => under(() => bijector.inverse(y)) }
}

/**
 * Learnable bijectors in reading order, as one; each gets the same context. The parts' parameters stand under their names, counted:
 * `affine coupling 1`, `affine coupling 2`, `triangular affine 1`.
 *
 * @example
 * ```ts
 * import { learnableAffineCoupling, learnableElementwiseAffine, sequence } from "pushforward/learnables"
 *
 * const flow = sequence([
 *   learnableAffineCoupling({ size: 2 }),
 *   learnableAffineCoupling({ size: 2, transform: "first" }),
 *   learnableElementwiseAffine({ shift: [26, 0.6], scale: [6, 0.06] })
 * ])
 * ```
 */
export const sequence = <Context = void>(parts: ReadonlyArray<Learnable<Bijector, Context>>): Learnable<Bijector, Context> => {
  if (parts.length === 0)
    throw new ArgumentError({ argument: "sequence.parts", expected: "at least one learnable bijector", received: "none" })
  const counts = new Map<string, number>()
  const labels = parts.map(({ name }) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return `${name} ${count}`
  })
  return {
    name: "sequence",
    init: (key) => Object.fromEntries(parts.map((part, i): [string, Params] => [labels[i]!, part.init(fold(key, labels[i]!))])),
    build: (params, context) =>
      chain(parts.map((part, i) => labelled(labels[i]!, part.build(branchOf("sequence", params, labels[i]!), context))))
  }
}

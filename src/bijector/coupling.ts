import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import type { Bijector, Mapped } from "./bijector.ts"
import { euclidean, makeBijector } from "./make.ts"

export interface Coupled {
  /** The vector's length, at least 2. */
  readonly size: number
  /** Which part is mapped; the other is passed through and conditions it. By default the last. */
  readonly transform?: "first" | "last"
  /** The length of the first part; by default half of `size`, rounded down. */
  readonly split?: number
}

/** The lengths of the two parts: which stays, and which is mapped. */
export const partsOf = ({ size, transform = "last", split = Math.floor(size / 2) }: Coupled): { passive: number; active: number } => {
  if (!Number.isInteger(size) || !Number.isInteger(split) || split < 1 || split >= size) {
    throw new ArgumentError({
      argument: "coupling.split",
      expected: "an integer that leaves both parts something",
      received: `${split} of ${size}`
    })
  }
  return transform === "last" ? { passive: split, active: size - split } : { passive: size - split, active: split }
}

/**
 * A coupling: one part of a vector passes unchanged, the other goes through a bijector that depends on the first,
 * y = (x₁, g(x₂; x₁)). The Jacobian is block triangular, so log |det J| is that of g.
 *
 * @see Dinh, Krueger & Bengio 2015, "NICE", section 3.2; Papamakarios et al. 2021, section 3.1.2.
 */
export const coupling = (name: string, coupled: Coupled, conditioner: (passive: tf.Tensor) => Bijector): Bijector => {
  const { passive, active } = partsOf(coupled)
  const last = (coupled.transform ?? "last") === "last"
  const through = (map: (bijector: Bijector, part: tf.Tensor) => Mapped) => (x: tf.Tensor) => {
    const kept = tf.slice(x, [last ? 0 : active], [passive])
    const { value, logDet } = map(conditioner(kept), tf.slice(x, [last ? passive : 0], [active]))
    return { value: tf.concat(last ? [kept, value] : [value, kept]), logDet }
  }
  return makeBijector({
    name,
    domain: euclidean([coupled.size]),
    codomain: euclidean([coupled.size]),
    forward: through((bijector, part) => bijector.forward(part)),
    inverse: through((bijector, part) => bijector.inverse(part))
  })
}

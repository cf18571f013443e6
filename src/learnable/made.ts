import { range } from "../graph/shape.ts"
import type { NDArray } from "../graph/types.ts"
import type { Learnable } from "./learnable.ts"
import { maskedMlp, type Network, type NetworkOptions } from "./mlp.ts"

export interface MadeOptions extends NetworkOptions {
  /** The length of the vector, at least 2. */
  readonly size: number
  /** For each output the component that it is for: it depends on those before that alone, and on the context. */
  readonly owners: ReadonlyArray<number>
  readonly context?: number
}

/** [from, to]: 1 where a unit of the one layer may be seen by one of the next. */
const maskOf = (from: ReadonlyArray<number>, to: ReadonlyArray<number>, sees: (degree: number, seen: number) => boolean): NDArray => ({
  shape: [from.length, to.length],
  data: Float64Array.from(from.flatMap((seen) => to.map((degree) => Number(sees(degree, seen)))))
})

/**
 * The masked autoencoder for distribution estimation: a perceptron in which a unit of degree m depends on the first m components alone, by
 * masks on its weights. Degrees are spread evenly over a layer; with a context some units have degree 0, and see only that.
 *
 * @see Germain, Gregor, Murray & Larochelle 2015, "MADE: Masked Autoencoder for Distribution Estimation", section 4.
 */
export const made = ({ size, owners, context = 0, hidden = [32, 32], ...network }: MadeOptions): Learnable<Network> => {
  const least = context > 0 ? 0 : 1
  const spread = (width: number): ReadonlyArray<number> => range(width).map((unit) => least + Math.floor((unit * (size - least)) / width))
  const degrees = [range(size).map((i) => i + 1), ...hidden.map(spread)]
  const masks = degrees.map((from, l) =>
    l === hidden.length
      ? maskOf(from, owners, (owner, seen) => seen <= owner)
      : maskOf(from, degrees[l + 1]!, (degree, seen) => seen <= degree)
  )
  return maskedMlp({ inputs: size, outputs: owners.length, context, hidden, ...network }, masks)
}

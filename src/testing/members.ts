/** A family of distributions, as its laws look at it: by real coordinates where its values have them. */
import type * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import type { Bijector } from "../bijector/bijector.ts"
import type { Distribution } from "../distribution/distribution.ts"
import { sizeOf } from "../graph/shape.ts"
import type { NDArray, Shape } from "../graph/types.ts"
import { noiseStream } from "../trace/noiseStream.ts"
import { chartOf } from "./chart.ts"
import { compiled } from "./compiled.ts"
import type { Arrays, Tensors } from "./compiled.ts"
import { anyMember } from "./family.ts"
import type { Family } from "./family.ts"

export interface Members {
  readonly family: Family<Distribution>
  readonly kind: Distribution["kind"]
  readonly eventShape: Shape
  readonly parameterNames: ReadonlyArray<string>
  /** The shape of a value's coordinates: real numbers that a bijection maps onto the support, or the integers themselves. */
  readonly coordinates: Shape
  readonly dimension: number
  readonly reparameterised: boolean
  readonly hasCumulative: boolean
  readonly drawsWithDensity: boolean
}

export const membersOf = (family: Family<Distribution>): Members =>
  anyMember(family, (d, parameters) => {
    const coordinates = d.kind === "real" ? chart(d).domain.shape : d.eventShape
    return {
      family,
      kind: d.kind,
      eventShape: d.eventShape,
      parameterNames: Object.keys(parameters),
      coordinates,
      dimension: sizeOf(coordinates),
      reparameterised: d.kind === "real" && d.reparameterised !== false,
      hasCumulative: d.cumulative !== undefined,
      drawsWithDensity: d.sampleWithLogProb !== undefined
    }
  })

/** The bijection from R^n onto the support. */
export const chart = ({ support, eventShape }: Distribution): Bijector => chartOf({ shape: eventShape, constraint: support })

/** What a law is tried at: a value, and parameters. */
export interface Case {
  readonly value: NDArray
  readonly parameters: Arrays
}

/** One draw at a key that is part of the case. */
export const drawnCases = ({ family }: Members): fc.Arbitrary<Case> => {
  const draw = compiled((parameters: Tensors) => ({ value: family.make(parameters).sample(noiseStream("draw")) }))
  return fc
    .record({ parameters: family.parameters, lo: fc.nat() })
    .map(({ parameters, lo }) => ({ parameters, value: draw(parameters, { hi: 0, lo }).value }))
}

/** A function of a value and a member, at a case. */
export const at = <Out extends string>(
  { family }: Members,
  f: (value: tf.Tensor, d: Distribution) => Tensors<Out>
): ((c: Case) => Arrays<Out>) => {
  const run = compiled<string, Out>(({ "the value": value, ...parameters }) => f(value!, family.make(parameters)))
  return ({ value, parameters }) => run({ ...parameters, "the value": value })
}

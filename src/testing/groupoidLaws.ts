import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import type { Bijector } from "../bijector/bijector.ts"
import { compose } from "../bijector/compose.ts"
import { identity } from "../bijector/identity.ts"
import { invert } from "../bijector/invert.ts"
import { arrayOf, unconstrained } from "./arbitrary.ts"
import type { BijectorLawOptions } from "./bijectorLaws.ts"
import { chartOf } from "./chart.ts"
import { compiled } from "./compiled.ts"
import type { Tensors } from "./compiled.ts"
import { anyMember, familyOf } from "./family.ts"
import type { Family } from "./family.ts"
import { close, law } from "./law.ts"
import type { Law } from "./law.ts"

/** Sums of the same terms in another order differ by this much, relative to their size. */
const REORDERING = 8 * Number.EPSILON

/**
 * The laws of composition: identities on both sides change nothing, (f g) h = f (g h) for f with its inverse between them, f⁻¹⁻¹ = f, and
 * (f g)⁻¹ = g⁻¹ f⁻¹, for values and log-determinants. `g` is a bijector that starts where `f` ends; by default f's inverse.
 *
 * @example
 * ```ts
 * import { elementwiseAffine, exp } from "pushforward/bijectors"
 * import { groupoidLaws } from "pushforward/testing"
 *
 * for (const law of groupoidLaws(elementwiseAffine(1, 2), exp())) law.run()
 * ```
 */
export const groupoidLaws = (subject: Bijector | Family<Bijector>, g?: Bijector, options: BijectorLawOptions = {}): ReadonlyArray<Law> => {
  const family = familyOf(subject)
  const { numbers = unconstrained() } = options
  const shape = anyMember(family, ({ domain }) => chartOf(domain).domain.shape)
  const cases = fc.record({ z: arrayOf(shape, numbers), parameters: family.parameters })
  const equal = (name: string, left: (f: Bijector, g: Bijector) => Bijector, right: (f: Bijector, g: Bijector) => Bijector): Law => {
    const run = compiled<string, string>(({ z, ...parameters }): Tensors => {
      const f = family.make(parameters)
      const second = g ?? invert(f)
      const x = chartOf(f.domain).forward(z!).value
      const [a, b] = [left(f, second).forward(x), right(f, second).forward(x)]
      return { a: tf.reshape(a.value, [-1]), b: tf.reshape(b.value, [-1]), logDets: tf.stack([a.logDet, b.logDet]) }
    })
    return law(family.name, name, cases, options, ({ z, parameters }) => {
      const { a, b, logDets } = run({ ...parameters, z })
      a!.data.forEach((v, i) => close(`component ${i}`, v, b!.data[i]!, REORDERING * (1 + Math.abs(v))))
      const [first, second] = logDets!.data
      close("the log-determinant", first!, second!, REORDERING * (1 + Math.abs(first!)))
    })
  }
  const unit = ({ shape, constraint }: Bijector["domain"]): Bijector => identity(shape, constraint)
  return [
    equal(
      "the identity before it changes nothing",
      (f) => compose(unit(f.domain), f),
      (f) => f
    ),
    equal(
      "the identity after it changes nothing",
      (f) => compose(f, unit(f.codomain)),
      (f) => f
    ),
    equal(
      "composition is associative",
      (f, g) => compose(compose(f, g), invert(g)),
      (f, g) => compose(f, compose(g, invert(g)))
    ),
    equal(
      "its inverse's inverse is itself",
      (f) => invert(invert(f)),
      (f) => f
    ),
    equal(
      "the inverse of a composition is the composition of the inverses",
      (f, g) => invert(compose(invert(g), invert(f))),
      (f, g) => compose(f, g)
    )
  ]
}

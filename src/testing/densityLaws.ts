/** Laws of log densities. */
import * as tf from "@tensorflow/tfjs-core"
import * as fc from "fast-check"
import { noiseStream } from "../trace/noiseStream.ts"
import { sampleWithLogProb } from "../distribution/distribution.ts"
import { gradient } from "../trace/trace.ts"
import { arrayOf } from "./arbitrary.ts"
import { compiled } from "./compiled.ts"
import type { Tensors } from "./compiled.ts"
import { atKnown } from "./family.ts"
import { gradientLaws } from "./gradientLaws.ts"
import type { Point } from "./gradientLaws.ts"
import { claim, close, fewer, law } from "./law.ts"
import type { Law, LawOptions } from "./law.ts"
import { massOf } from "./mass.ts"
import { at, chart, drawnCases } from "./members.ts"
import type { Members } from "./members.ts"

/** Changes that take many values out of many supports. */
const ways: ReadonlyArray<(x: number, i: number) => number> = [
  (x) => -x - 1,
  (x) => x + 0.5,
  (x) => 2 * x + 3,
  (x, i) => (i === 0 ? x - 1000 : x)
]

const outsideLaw = (members: Members, cases: ReturnType<typeof drawnCases>, options: LawOptions): Law => {
  const logProb = at(members, (value, d) => ({ logProb: d.logProb(value) }))
  return law(members.family.name, "its density is 0 outside its support", cases, options, ({ value, parameters }) => {
    for (const way of ways) {
      const moved = { shape: value.shape, data: Float64Array.from(value.data, way) }
      const violation = atKnown(members.family, parameters, ({ support, eventShape }) => support.violation(moved.data, eventShape))
      if (violation === undefined) continue
      const found = logProb({ value: moved, parameters }).logProb.data[0]!
      claim(found === -Infinity, () => `the log density is ${found}, not −∞, at ${moved.data.join(", ")}: ${violation}`)
    }
  })
}

/** `numbers` are the real coordinates that are tried. An improper distribution has no draws to locate its density by. */
export const densityLaws = (
  members: Members,
  numbers: fc.Arbitrary<number>,
  improper: boolean,
  options: LawOptions
): ReadonlyArray<Law> => {
  const { family, kind, coordinates, dimension, parameterNames } = members
  const real = kind === "real"
  const drawn = improper ? undefined : drawnCases(members)
  const points: fc.Arbitrary<Point> = real
    ? fc
        .record({ z: arrayOf(coordinates, numbers), parameters: family.parameters })
        .map(({ z, parameters }) => ({ moving: { ...parameters, "the value": z } }))
    : drawn!.map(({ value, parameters }) => ({ moving: parameters, fixed: { "the value": value } }))
  const logDensity = ({ "the value": value, ...parameters }: Tensors): tf.Tensor => {
    const d = family.make(parameters)
    return d.logProb(real ? chart(d).forward(value!).value : value!)
  }
  const laws = [...gradientLaws(family.name, "log density", points, parameterNames, logDensity, options)]
  if (drawn === undefined) return laws
  laws.push(outsideLaw(members, drawn, options))
  if (real ? dimension > 0 && dimension <= 2 : dimension === 1) {
    const mass = massOf(members)
    laws.push(
      law(family.name, "its density integrates to one", family.parameters, dimension === 1 ? options : fewer(options), (parameters) => {
        const { masses, error } = mass(parameters)
        claim(error < 0.01, () => `the quadrature of its density does not converge: ${error} after its last refinement`)
        close(
          "the integral",
          masses.reduce((a, b) => a + b, 0),
          1,
          2 * error
        )
      })
    )
  }
  return laws
}

/** A draw with its log density is a draw, and has that log density. */
export const jointDrawLaw = ({ family }: Members, options: LawOptions): Law => {
  const run = compiled((parameters: Tensors) => {
    const d = family.make(parameters)
    const { value, logProb } = sampleWithLogProb(d, noiseStream("draw"))
    const apart = d.logProb(value)
    const slope = tf.sum(tf.abs(tf.mul(gradient(apart, [value])[0]!, value)))
    return { logProb, apart, size: tf.add(1, tf.add(tf.abs(apart), slope)) }
  })
  const cases = fc.record({ parameters: family.parameters, lo: fc.nat() })
  return law(family.name, "a draw's log density is that of its value", cases, options, ({ parameters, lo }) => {
    const { logProb, apart, size } = run(parameters, { hi: 2, lo })
    close("the log density with the draw", logProb.data[0]!, apart.data[0]!, 256 * Number.EPSILON * size.data[0]!)
  })
}

import * as tf from "@tensorflow/tfjs-core"
import "@tensorflow/tfjs-backend-cpu"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { advance, maxProduct, sumProduct } from "../../models/hmm.ts"

const steps = 5
const weight = fc.double({ min: -4, max: 4, noNaN: true })
const chain = fc.record({
  transitions: fc.array(fc.array(weight, { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 2 }),
  emissions: fc.array(fc.array(weight, { minLength: 2, maxLength: 2 }), { minLength: steps, maxLength: steps })
})

type Chain = typeof chain extends fc.Arbitrary<infer T> ? T : never

/** The log weight of each of the paths through the chain. */
const paths = ({ transitions, emissions }: Chain): ReadonlyArray<number> =>
  Array.from({ length: 2 ** steps }, (_, code) => {
    const states = emissions.map((_, t) => (code >> t) & 1)
    const weights = states.map((state, t) => emissions[t]![state]! + (t === 0 ? 0 : transitions[states[t - 1]!]![state]!))
    return weights.reduce((sum, w) => sum + w)
  })

const forward = (semiring: typeof sumProduct, { transitions, emissions }: Chain): number => {
  const matrix = tf.tensor2d(transitions)
  const [first, ...rest] = emissions.map((row) => tf.tensor1d(row))
  const last = rest.reduce<tf.Tensor>((weights, emission) => semiring.mul(advance(semiring, weights, matrix), emission), first!)
  return tf.unstack(last).reduce(semiring.add).dataSync()[0]!
}

describe("the forward algorithm over a semiring", () => {
  it("sums over all paths", () => {
    fc.assert(
      fc.property(chain, (given) => {
        const total = Math.log(paths(given).reduce((sum, path) => sum + Math.exp(path), 0))
        expect(forward(sumProduct, given)).toBeCloseTo(total, 4)
      }),
      { seed: 1, numRuns: 50 }
    )
  })

  it("finds the weight of the most probable path", () => {
    fc.assert(
      fc.property(chain, (given) => {
        expect(forward(maxProduct, given)).toBeCloseTo(Math.max(...paths(given)), 4)
      }),
      { seed: 2, numRuns: 50 }
    )
  })

  it("runs over semirings: zero adds nothing, one multiplies by nothing", () => {
    fc.assert(
      fc.property(weight, (x) => {
        for (const { add, mul, zero, one } of [sumProduct, maxProduct]) {
          expect(add(zero, tf.scalar(x)).dataSync()[0]).toBeCloseTo(x, 5)
          expect(mul(one, tf.scalar(x)).dataSync()[0]).toBeCloseTo(x, 5)
          expect(mul(zero, tf.scalar(x)).dataSync()[0]).toBe(-Infinity)
        }
      }),
      { seed: 3, numRuns: 20 }
    )
  })
})

import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import { describe, expect, it } from "vitest"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"
import { distributionOf, figures } from "./figures.ts"

/** Room for the roundings of a formula: each costs at most half a unit, times the condition. */
const ROUNDINGS = 40

describe("log densities and gradients in float64 against 60 digits", () => {
  it.each(figures)("$title", (figure) => {
    const names = Object.keys(figure.parameters)
    const slots = Object.keys(figure.gradient)
    const [logProb, ...gradients] = evaluate(
      (value, ...tensors) => {
        const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))
        const lp = distributionOf(figure, parameters).logProb(value!)
        return [
          lp,
          ...gradient(
            lp,
            slots.map((slot) => (slot === "value" ? value! : parameters[slot]!))
          )
        ]
      },
      [figure.value, ...Object.values(figure.parameters)]
    )
    const room = ROUNDINGS * Number.EPSILON * figure.condition
    expect(Math.abs(logProb!.data[0]! - figure.logProb)).toBeLessThanOrEqual(room)
    for (const [k, slot] of slots.entries()) {
      const at = slot === "value" ? figure.value : figure.parameters[slot]!
      for (const [i, exact] of figure.gradient[slot]!.data.entries()) {
        const scale = Math.abs(at.data[i]!) || 1
        expect(Math.abs(gradients[k]!.data[i]! - exact), `${slot}[${i}]`).toBeLessThanOrEqual(
          room / scale + ROUNDINGS * Number.EPSILON * Math.abs(exact)
        )
      }
    }
  })
})

describe("log densities in float32 against 60 digits", () => {
  const float32 = 2 ** -23
  // 1 − 2⁻⁴⁰ is not a float32
  const representable = figures.filter((figure) => ROUNDINGS * float32 * figure.condition < 1)
  it.each(representable)("$title", (figure) => {
    const logProb = tf.tidy(() => {
      const tensor = ({ data, shape }: (typeof figure)["value"]): tf.Tensor => tf.tensor(Float32Array.from(data), [...shape])
      const parameters = Object.fromEntries(Object.entries(figure.parameters).map(([name, p]) => [name, tensor(p)]))
      return distributionOf(figure, parameters).logProb(tensor(figure.value)).dataSync()[0]!
    })
    expect(Math.abs(logProb - figure.logProb)).toBeLessThanOrEqual(ROUNDINGS * float32 * figure.condition)
  })
})

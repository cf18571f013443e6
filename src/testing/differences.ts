/** Derivatives by finite differences, with room for their own error. */
import * as fc from "fast-check"
import { sizeOf } from "../graph/shape.ts"
import { mapRecord } from "./compiled.ts"
import type { Arrays } from "./compiled.ts"
import { close } from "./law.ts"

/** The changes of all inputs together, in units of the step. */
export type Direction = ReadonlyArray<number>

export const direction: fc.Arbitrary<Direction> = fc.array(fc.constantFrom(1, -1, 0.5, -0.7), { minLength: 7, maxLength: 7 })

/** A direction's component for element `i` of all inputs. */
const along = (d: Direction, i: number): number => d[i % d.length]! * Math.cos(i)

const moved = (inputs: Arrays, d: Direction, by: number): Arrays => {
  let next = 0
  return mapRecord(inputs, ({ shape, data }) => ({ shape, data: Float64Array.from(data, (x) => x + by * along(d, next++)) }))
}

const STEP = 2 ** -16

/**
 * That the gradients of `f` are its derivative along a direction of all inputs. Central differences D(h) err by c hᵖ + ε|f|/h: the first
 * is at most twice D(2h) − D(h), the second is known but for the number of roundings in f. Where f has a kink (a log-determinant at a
 * knot of a spline) the gradient is between the slopes of its sides.
 */
export const agreesWithDifferences = (f: (inputs: Arrays) => number, inputs: Arrays, gradients: Arrays, d: Direction): void => {
  const here = f(inputs)
  const slopes = [1, 2, -1, -2].map((k) => (f(moved(inputs, d, k * STEP)) - here) / (k * STEP))
  const [right, rightFar, left, leftFar] = slopes as [number, number, number, number]
  const [fine, coarse] = [(right + left) / 2, (rightFar + leftFar) / 2]
  let next = 0
  let exact = 0
  let size = Math.abs(here)
  for (const [name, { shape }] of Object.entries(inputs)) {
    const gradient = gradients[name]!.data
    for (let i = 0; i < sizeOf(shape); i++) {
      const term = gradient[i]! * along(d, next++)
      exact += term
      size += Math.abs(term)
    }
  }
  const rounding = (64 * Number.EPSILON * (1 + size)) / STEP
  const what = `the gradient along ${JSON.stringify(d)}`
  // the slopes of the two sides come together in proportion to h, unless there is a kink between them
  const kink = Math.abs(right - left) > 0.75 * Math.abs(rightFar - leftFar) + rounding
  if (!kink) return close(what, exact, fine, 2 * Math.abs(fine - coarse) + rounding)
  const [low, high] = [Math.min(...slopes), Math.max(...slopes)]
  close(what, exact, Math.min(Math.max(exact, low), high), Math.abs(right - rightFar) + Math.abs(left - leftFar) + rounding)
}

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

const STEP = 2 ** -13

/**
 * That the gradients of `f` are its derivative along a direction of all inputs. Central differences D(h) err by c h² + ε|f|/h: the first is read off
 * D(2h) − D(h) = 3c h² + …, the second is known but for the number of roundings in f.
 */
export const agreesWithDifferences = (f: (inputs: Arrays) => number, inputs: Arrays, gradients: Arrays, d: Direction): void => {
  const difference = (h: number): number => (f(moved(inputs, d, h)) - f(moved(inputs, d, -h))) / (2 * h)
  const [fine, coarse] = [difference(STEP), difference(2 * STEP)]
  let next = 0
  let exact = 0
  let size = Math.abs(f(inputs))
  for (const [name, { shape }] of Object.entries(inputs)) {
    const gradient = gradients[name]!.data
    for (let i = 0; i < sizeOf(shape); i++) {
      const term = gradient[i]! * along(d, next++)
      exact += term
      size += Math.abs(term)
    }
  }
  const room = Math.abs(fine - coarse) + (64 * Number.EPSILON * (1 + size)) / STEP
  close(`the gradient along ${JSON.stringify(d)}`, exact, fine, room)
}

/** Constraints that hold, or fail, one component at a time. */
import { range, sizeOf } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import type { Constraint } from "./constraint.ts"

/** `[1, 2]` of component 5 in shape [3, 3]; nothing for a scalar. */
const place = (index: number, shape: Shape): string => {
  const position = shape.map((d, i) => Math.floor(index / sizeOf(shape.slice(i + 1))) % d)
  return shape.length === 0 ? "" : ` at [${position.join(", ")}]`
}

/** The first component that `reason` objects to. NaN is objected to always. */
export const firstViolation = (
  values: ArrayLike<number>,
  shape: Shape,
  reason: (value: number, index: number) => string | undefined
): string | undefined => {
  for (let i = 0; i < values.length; i++) {
    const objection = Number.isNaN(values[i]) ? "is not a number" : reason(values[i]!, i)
    if (objection !== undefined) return `${values[i]}${place(i, shape)} ${objection}`
  }
  return undefined
}

/** Every component is free. */
export const allCoordinates = (shape: Shape): ReadonlyArray<number> => range(sizeOf(shape))

/** A constraint on each component by itself; `reason` is asked once for an event's shape, then for each component. */
export const elementwise = (
  name: string,
  reason: (shape: Shape) => (value: number, index: number) => string | undefined,
  maps: Pick<Constraint, "outside" | "bijector">
): Constraint => ({
  name,
  discrete: maps.bijector === undefined,
  violation: (values, shape) => firstViolation(values, shape, reason(shape)),
  ...maps,
  freeCoordinates: allCoordinates
})

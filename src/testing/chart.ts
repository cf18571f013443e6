import type { Bijector, Space } from "../bijector/bijector.ts"

/** The bijection from R^n onto a space. */
export const chartOf = ({ shape, constraint }: Space): Bijector => {
  if (constraint.bijector === undefined) throw new Error(`${constraint.name} has no bijection from R^n: the laws can't reach it`)
  return constraint.bijector(shape)
}

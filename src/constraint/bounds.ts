/** Bounds that may be numbers, arrays or tensors (other latents, whose values are not known while a program is recorded). */
import { ArgumentError } from "../errors.ts"
import { broadcastStrides, showShape, walk } from "../graph/shape.ts"
import type { Shape } from "../graph/types.ts"
import { hostValues, shapeOf, type Numeric } from "../trace/tensor.ts"

export const showBound = (bound: Numeric): string => {
  if (typeof bound === "number") return String(bound)
  const values = hostValues(bound)
  return values === undefined || values.length > 3 ? `tensor ${showShape(shapeOf(bound))}` : `[${Array.from(values).join(", ")}]`
}

/** The bound of the component at `index` of an event of `shape`, where it is known. */
export const boundAt = (bound: Numeric, shape: Shape): ((index: number) => number | undefined) => {
  const values = hostValues(bound)
  if (values === undefined) return () => undefined
  if (values.length === 1) return () => values[0]
  const offsets: Array<number> = []
  walk(shape, [broadcastStrides(shapeOf(bound), shape)], (_, [offset]) => void offsets.push(offset!))
  return (index) => values[offsets[index]!]
}

/** Known bounds must be finite. */
export const checkFinite = (argument: string, bound: Numeric): void => {
  const bad = hostValues(bound)?.find((b) => !Number.isFinite(b))
  if (bad !== undefined) throw new ArgumentError({ argument, expected: "finite numbers", received: String(bad) })
}

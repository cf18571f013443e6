/** What the entries about the ring have in common: the architecture and budget of its text. */
import { type DensityOptions } from "pushforward"
import { square } from "../pictures.ts"
import { ringCentres } from "../targets/ring.ts"
import { boundedBy, plainly, textbookRealNVP } from "../textbook.ts"

export const ringTrained = 2000
/** The published size. */
export const ringText = { couplings: 6, hidden: [128, 128] }

/** As the ring's text has it: tanh of the scales, last layers from 0, couplings that map data to base. */
export const ringFlow = ({
  couplings,
  hidden,
  context = 0
}: {
  readonly couplings: number
  readonly hidden: ReadonlyArray<number>
  readonly context?: number
}) => textbookRealNVP({ size: 2, couplings, hidden, context, towards: "base", logScale: boundedBy(1), outputScale: 0 })

export const ringBudget: DensityOptions = {
  epochs: 300,
  batch: 256,
  ...plainly()
}

export const nearest = (x: ArrayLike<number>): number => {
  const distances = ringCentres.map(([a, b]) => (x[0]! - a) ** 2 + (x[1]! - b) ** 2)
  return distances.indexOf(Math.min(...distances))
}
export const modeOf = (x: ArrayLike<number>): string => `mode ${nearest(x) + 1}`

export const ringWindow = square(4.2)

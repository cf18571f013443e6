import { countSite, type DataNames } from "../inference/features.ts"
import { ofSizes, rowsIn, sizeClasses, type Sizes } from "../inference/sets.ts"
import { type Target, targetOf, wholeTarget } from "../inference/target.ts"
import { wholeNumber } from "../inference/wholeNumber.ts"
import { ArgumentError } from "../errors.ts"
import type { Program } from "../model/site.ts"

/** Data sets of a step that are computed together, as they have equally many rows. */
export interface Kind {
  readonly target: Target
  /** How many of them there are in a step. */
  readonly dataSets: number
  /** The sizes of their set. */
  readonly sizes?: Sizes
}

/** The data sets of a step by the size of their set: one kind where there is no set. */
export const kindsOf = (
  model: Program<unknown>,
  names: DataNames,
  { dataSets = 128, fewest }: { readonly dataSets?: number | undefined; readonly fewest?: number | undefined }
): ReadonlyArray<Kind> => {
  const all = wholeNumber("fitAmortised.dataSets", dataSets)
  const { observed, inputs, set } = names
  if (set === undefined) return [{ target: wholeTarget(targetOf(model, [...observed, ...inputs])), dataSets: all }]
  const data = [...observed, ...inputs, countSite(set)]
  const most = rowsIn(model, set, data)
  const least = wholeNumber("fitAmortised.set.fewest", fewest ?? most)
  if (least > most)
    throw new ArgumentError({
      argument: "fitAmortised.set.fewest",
      expected: `at most the ${most} rows of the plate "${set}"`,
      received: String(least)
    })
  const classes = sizeClasses(least, most)
  return classes.map((sizes, i) => ({
    target: targetOf(ofSizes(model, set, sizes, inputs), data),
    dataSets: Math.max(1, Math.floor(((i + 1) * all) / classes.length) - Math.floor((i * all) / classes.length)),
    sizes
  }))
}

/** Pictures of a posterior: its marginals, and pairs of them. */
import type { NDArray } from "../graph/types.ts"
import { forest, width } from "./forest.ts"
import { marginals } from "./marginal.ts"
import { scatter } from "./scatter.ts"
import { framed, type Specification } from "./specification.ts"

/** Two scalars to be seen jointly, named with their indices; `log` names those that are shown on a logarithmic axis. */
export interface Pair {
  readonly x: string
  readonly y: string
  readonly log?: ReadonlyArray<string>
}

/** Values to hold the posterior against, by the scalar's name: means of a reference, or the data's own estimates. */
export interface Reference {
  readonly label: string
  readonly values: Readonly<Record<string, number>>
}

export interface ForestOptions {
  readonly title: string
  /** What is to be said of the fit: the verdict, with its k-hat. */
  readonly verdict?: string
  readonly reference?: Reference
  /** Names of other kinds for the scalars: `{ "site[0]": "Crookston" }`. */
  readonly labels?: Readonly<Record<string, string>>
}

export interface PictureOptions extends ForestOptions {
  readonly pairs?: ReadonlyArray<Pair>
}

const gap = 40
/** The least that the rows' names take. */
const rowLabels = 60

const legend = (reference: Reference | undefined): string =>
  `Shade: density; dot: median; bars: 50% and 90% intervals${reference === undefined ? "" : `; diamond: ${reference.label}`}`

/**
 * Every marginal of a posterior in a forest plot (density, median, 50% and 90% intervals), scalars of comparable scale on one axis, beside
 * scatter plots of chosen pairs.
 *
 * `draws` are named by site, the draw being the leading axis. A draw that is not finite, or a pair that names no scalar, is an
 * `ArgumentError`.
 *
 * @example
 * ```ts
 * import { picture } from "pushforward/plot"
 *
 * const draws = { mu: { shape: [4], data: Float64Array.of(4.1, 5.2, 3.9, 6.0) }, tau: { shape: [4], data: Float64Array.of(1, 3, 2, 5) } }
 * const specification = picture(draws, { title: "Eight schools", pairs: [{ x: "mu", y: "tau", log: ["tau"] }] })
 * ```
 */
export const picture = (
  draws: Readonly<Record<string, NDArray>>,
  { title, verdict = "", reference, pairs = [], labels = {} }: PictureOptions
): Specification => {
  const all = marginals(draws)
  const { panels, height } = forest(all, reference?.values ?? {}, labels)
  const size = Math.min(360, Math.max(190, height / Math.max(1, pairs.length) - 28))
  const side = pairs.map((pair) => scatter(all, pair, labels, size))
  const columns = [{ vconcat: panels, spacing: 16 }, ...(side.length === 0 ? [] : [{ vconcat: side, spacing: 24 }])]
  const whole = width + rowLabels + (pairs.length === 0 ? 0 : size + 2 * gap)
  return framed({ spacing: 48, hconcat: columns }, { title, subtitle: [verdict, legend(reference)] }, whole)
}

/**
 * Every marginal of draws that are named by site: density, median, 50% and 90% intervals, scalars of comparable scale on one axis.
 *
 * @example
 * ```ts
 * import { forestPlot } from "pushforward/plot"
 *
 * const draws = { theta: { shape: [3, 2], data: Float64Array.of(4.1, 5.2, 3.9, 6.0, 5, 7) } }
 * const specification = forestPlot(draws, { title: "Schools", reference: { label: "observed", values: { "theta[0]": 6 } } })
 * ```
 */
export const forestPlot = (draws: Readonly<Record<string, NDArray>>, options: ForestOptions): Specification => picture(draws, options)

/** A picture of a posterior, as a Vega-Lite specification: plain data that a browser, a notebook or `pushforward/node` renders. */
import type { NDArray } from "../graph/types.ts"
import { forest, width } from "./forest.ts"
import { marginals } from "./marginal.ts"
import { scatter } from "./scatter.ts"
import { config } from "./theme.ts"

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

export interface PictureOptions {
  readonly title: string
  /** What is to be said of the fit: the verdict, with its k-hat. */
  readonly verdict?: string
  readonly reference?: Reference
  readonly pairs?: ReadonlyArray<Pair>
  /** Names of other kinds for the scalars: `{ "site[0]": "Crookston" }`. */
  readonly labels?: Readonly<Record<string, string>>
}

/** A Vega-Lite 6 specification. */
export type Specification = Readonly<Record<string, unknown>>

const gap = 40
/** The least that the rows' names take. */
const rowLabels = 60
/** Vega's own estimate for the subtitle, which it can't measure without a browser. */
const characterWidth = 0.8 * 13

/** Lines of at most so many characters; `=` and `±` stay with what they join. */
const wrap = (text: string, characters: number): ReadonlyArray<string> =>
  text
    .replace(/ ([=±]) /g, "\u00a0$1\u00a0")
    .split(" ")
    .reduce<ReadonlyArray<string>>((lines, word) => {
      const longer = [...lines.slice(-1), word].join(" ")
      return longer.length <= characters ? [...lines.slice(0, -1), longer] : [...lines, word]
    }, [])
    .filter((line) => line !== "")

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
 * import { picture } from "pushforward"
 *
 * const draws = { mu: { shape: [4], data: Float64Array.of(4.1, 5.2, 3.9, 6.0) }, tau: { shape: [4], data: Float64Array.of(1, 3, 2, 5) } }
 * const specification = picture(draws, { title: "Eight schools", pairs: [{ x: "mu", y: "tau", log: ["tau"] }] })
 * ```
 */
export const picture = (
  draws: Readonly<Record<string, NDArray>>,
  { title, verdict, reference, pairs = [], labels = {} }: PictureOptions
): Specification => {
  const all = marginals(draws)
  const { panels, height } = forest(all, reference?.values ?? {}, labels)
  const size = Math.min(360, Math.max(220, height / Math.max(1, pairs.length) - gap))
  const side = pairs.map((pair) => scatter(all, pair, labels, size))
  const characters = (width + rowLabels + (pairs.length === 0 ? 0 : size + 2 * gap)) / characterWidth
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 24,
    title: { text: title, subtitle: [...wrap(verdict ?? "", characters), ...wrap(legend(reference), characters)] },
    spacing: 48,
    hconcat: [{ vconcat: panels, spacing: 16 }, ...(side.length === 0 ? [] : [{ vconcat: side, spacing: 24 }])],
    config
  }
}

/** Points of the plane as dots, coloured by what they belong to. */
import { ArgumentError } from "../errors.ts"
import { quantile } from "../inference/quantile.ts"
import { type Extent, matched, type Table, scattered, widened } from "./data.ts"
import type { Specification } from "./specification.ts"
import { colour, palette } from "./theme.ts"

/** What each point belongs to: words for groups, or numbers for a scale. */
export type Groups = ReadonlyArray<string> | ArrayLike<number>

export interface Grouped {
  readonly of: (i: number) => string | number | undefined
  /** The encoding's colour. */
  readonly color: Specification
  /** The groups' names with their colours; none for numbers. */
  readonly names: ReadonlyArray<readonly [name: string, color: string]>
}

/** Colours for groups: one each for words, viridis for numbers. */
export const grouped = (argument: string, groups: Groups | undefined, count: number): Grouped => {
  if (groups === undefined) return { of: () => undefined, color: { value: colour.interval }, names: [] }
  matched(argument, groups.length, count, "point")
  const all = Array.from<string | number>(groups)
  const words = all.filter((group) => typeof group === "string")
  if (words.length > 0 && words.length < all.length)
    throw new ArgumentError({ argument, expected: "words alone or numbers alone", received: "both" })
  const bad = all.findIndex((group) => typeof group === "number" && !Number.isFinite(group))
  if (bad >= 0) throw new ArgumentError({ argument: `${argument}[${bad}]`, expected: "a finite number", received: String(all[bad]) })
  const of = (i: number): string | number => all[i]!
  if (words.length === 0)
    return {
      of,
      color: { field: "group", type: "quantitative", scale: { scheme: { name: "viridis", extent: [0, 0.95] } }, legend: null },
      names: []
    }
  const names = [...new Set(words)]
  if (names.length > palette.length)
    throw new ArgumentError({
      argument,
      expected: `at most ${palette.length} groups`,
      received: String(names.length),
      remedy: "Give numbers."
    })
  const colours = names.map((name, i) => [name, palette[i]!] as const)
  const scale = { domain: names, range: colours.map(([, c]) => c) }
  return { of, color: { field: "group", type: "nominal", scale, legend: null }, names: colours }
}

/** From the p-quantile to the (1 − p)-quantile of the columns, with a margin. */
export const coreExtent = (columns: ReadonlyArray<Float64Array>, p: number): Extent => {
  const sorted = columns.map((column) => column.toSorted())
  return widened([Math.min(...sorted.map((s) => quantile(s, p))), Math.max(...sorted.map((s) => quantile(s, 1 - p)))], 0.05)
}

/** Two extents about their centres, the second `ratio` times the first, so that a circle stays round in a view of that shape. */
export const evenly = (x: Extent, y: Extent, ratio = 1): readonly [Extent, Extent] => {
  const half = Math.max(x[1] - x[0], (y[1] - y[0]) / ratio) / 2
  const about = ([from, to]: Extent, by: number): Extent => [(from + to) / 2 - by, (from + to) / 2 + by]
  return [about(x, half), about(y, ratio * half)]
}

/** At most `most` points as dots that cover so much of a view `size` pixels wide. */
export const dots = (
  { count, columns: [across, up] }: Table,
  { of, color }: Pick<Grouped, "of" | "color">,
  {
    x,
    y,
    most,
    size,
    cover = 0.15
  }: { readonly x: Specification; readonly y: Specification; readonly most: number; readonly size: number; readonly cover?: number }
): Specification => {
  const kept = scattered(count, most)
  const area = Math.max(3.2, Math.min(30, (cover * size * size) / kept.length))
  return {
    data: { values: kept.map((i) => ({ x: across![i], y: up![i], group: of(i) })) },
    mark: {
      type: "point",
      shape: "circle",
      filled: true,
      size: area,
      fillOpacity: kept.length < 300 ? 0.8 : 0.6,
      opacity: 1,
      clip: true
    },
    encoding: { x, y, color }
  }
}

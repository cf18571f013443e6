/** Specifications: plain data that a browser, a notebook or `svg` draws, and how they are put together. */
import { ArgumentError } from "../errors.ts"
import { wrap } from "./measure.ts"
import { colour, config } from "./theme.ts"

/** A Vega-Lite 6 specification. */
export type Specification = Readonly<Record<string, unknown>>

/** What stands above a picture. */
export interface Heading {
  readonly title?: string
  /** What is to be known of the picture, in a sentence; wrapped to its width. */
  readonly subtitle?: string | ReadonlyArray<string>
}

const padding = 20

/** A view, or views, as a whole picture under its title, `width` pixels wide. */
export const framed = (view: Specification, { title, subtitle = [] }: Heading, width: number): Specification => {
  const lines = [subtitle].flat().flatMap((text) => wrap(text, width, 13))
  const text = title === undefined ? [] : wrap(title, width, 18)
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding,
    ...(text.length + lines.length === 0 ? {} : { title: { text, ...(lines.length === 0 ? {} : { subtitle: lines }) } }),
    ...view,
    config
  }
}

const parts = ["$schema", "background", "padding", "config"]

/** Lines of text above a view. */
export const caption = (lines: ReadonlyArray<string>, style: Specification, y = -10): Specification => ({
  data: { values: [{}] },
  mark: { type: "text", text: lines, align: "left", baseline: "bottom", lineHeight: 17, dy: -17 * (lines.length - 1), ...style },
  encoding: { x: { value: 0 }, y: { value: y } }
})

/** A whole picture as a view of another, under a smaller title. */
const nested = (specification: Specification): Specification => {
  const { title, ...view } = Object.fromEntries(Object.entries(specification).filter(([key]) => !parts.includes(key)))
  if (title === undefined) return view
  const { layer } = view
  const { text = [], subtitle = [] } = title as { readonly text?: ReadonlyArray<string>; readonly subtitle?: ReadonlyArray<string> }
  if (!Array.isArray(layer)) return { ...view, title: { text, subtitle, fontSize: 14, subtitleFontSize: 12, offset: 10 } }
  // where what an axis labels does not move it
  const above = [
    caption(text, { fontSize: 14, fontWeight: 600 }, -10 - 17 * subtitle.length),
    ...(subtitle.length === 0 ? [] : [caption(subtitle, { color: colour.quiet })])
  ]
  return { ...view, layer: [...(layer as ReadonlyArray<Specification>), ...above] }
}

export interface ConcatOptions extends Heading {
  /** Pictures in a row; by default all. */
  readonly columns?: number
  /** Pixels between pictures. */
  readonly spacing?: number
}

/**
 * Pictures side by side, or in rows of `columns`, under one title. No picture, or columns that are no whole number, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { concat, histogram } from "pushforward/plot"
 *
 * const specification = concat([histogram([1, 2, 2, 3]), histogram([5, 6, 6, 9])], { title: "Before and after" })
 * ```
 */
export const concat = (
  specifications: ReadonlyArray<Specification>,
  { columns = specifications.length, spacing = 36, ...heading }: ConcatOptions = {}
): Specification => {
  if (specifications.length === 0) throw new ArgumentError({ argument: "concat", expected: "one or more specifications", received: "none" })
  if (!Number.isSafeInteger(columns) || columns < 1)
    throw new ArgumentError({ argument: "concat.columns", expected: "a whole number from 1", received: String(columns) })
  return framed(
    { concat: specifications.map(nested), columns, spacing, resolve: independent },
    heading,
    Math.min(columns, specifications.length) * 300
  )
}

/** Each view has scales of its own. */
export const independent = { scale: { color: "independent" }, legend: { color: "independent" } }

/** Specifications: plain data that a browser, a notebook or `svg` draws, and how they are put together. */
import { ArgumentError } from "../errors.ts"
import { wrap } from "./measure.ts"
import { config } from "./theme.ts"

/** A Vega-Lite 6 specification. */
export type Specification = Readonly<Record<string, unknown>>

/** What stands above a picture. */
export interface Heading {
  readonly title?: string
  /** What is to be known of the picture, in a sentence; wrapped to its width. */
  readonly subtitle?: string | ReadonlyArray<string>
}

export const padding = 20

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

/** A whole picture as a view of another, under a smaller title. */
const nested = (specification: Specification): Specification => {
  const { title, ...view } = Object.fromEntries(Object.entries(specification).filter(([key]) => !parts.includes(key)))
  return title === undefined ? view : { ...view, title: { ...(title as Specification), fontSize: 14, subtitleFontSize: 12, offset: 8 } }
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

/** Pieces that views are made of. */
import type { Extent } from "./data.ts"
import type { Specification } from "./specification.ts"
import { legible } from "./ramp.ts"
import { colour } from "./theme.ts"

/** An axis for a field: its title, its extent, which is kept to, and what else Vega-Lite is to know. */
export const axis = (
  field: string,
  title: string | null,
  domain: Extent | undefined,
  { log = false, ...more }: Specification & { readonly log?: boolean } = {}
): Specification => ({
  field,
  type: "quantitative",
  title,
  scale: { ...(log ? { type: "log" } : { zero: false }), nice: false, ...(domain === undefined ? {} : { domain }) },
  axis: { tickCount: 5, grid: false, ...more }
})

/** A value as it is, or far beyond the edge that it lies beyond: what draws pixels fails at coordinates that are very great. */
export const within = ([from, to]: Extent, value: number): number =>
  Math.min(to + 10 * (to - from), Math.max(from - 10 * (to - from), value))

/** Lightly ruled, with no line of its own. */
export const ruled = { grid: true, domain: false, ticks: false, labelPadding: 6 }

/** A number with so many decimals and a minus sign of its own; none where it rounds to 0. */
export const fixed = (value: number, decimals: number): string => {
  const text = value.toFixed(decimals)
  return text.replace("-", Number(text) === 0 ? "" : "−")
}

export interface Label {
  readonly text: string
  /** Where the label belongs, on the axis. */
  readonly at: number
  readonly color: string
  /** How far it stands to the left of the view's right edge, in pixels. */
  readonly inset?: number
}

/** Places at least `least` apart, in the same order, near those that are wanted and inside [0, height]. */
export const spread = (wanted: ReadonlyArray<number>, least: number, height: number): ReadonlyArray<number> => {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!)
  // groups of labels that touch, each about the mean of what its labels want
  const groups: Array<{ readonly members: ReadonlyArray<number>; readonly centre: number }> = []
  const half = (members: ReadonlyArray<number>): number => (least * (members.length - 1)) / 2
  const held = (members: ReadonlyArray<number>): number => {
    const mean = members.reduce((sum, i) => sum + wanted[i]! / members.length, 0)
    return Math.max(half(members), Math.min(height - half(members), mean))
  }
  for (const i of order) {
    let members: ReadonlyArray<number> = [i]
    for (let above = groups.at(-1); above !== undefined; above = groups.at(-1)) {
      if (above.centre + half(above.members) + least <= held(members) - half(members)) break
      members = [...above.members, ...members]
      groups.pop()
    }
    groups.push({ members, centre: held(members) })
  }
  const places = [...wanted]
  for (const { members, centre } of groups) for (const [k, i] of members.entries()) places[i] = centre - half(members) + k * least
  return places
}

/** Labels to the right of a view of so many pixels, each in the colour of what it names, moved apart where they would touch. */
export const endLabels = (
  labels: ReadonlyArray<Label>,
  {
    width,
    height,
    domain: [from, to],
    log = false
  }: { readonly width: number; readonly height: number; readonly domain: Extent; readonly log?: boolean }
): ReadonlyArray<Specification> => {
  const along = (v: number): number => (log ? Math.log(v / from) / Math.log(to / from) : (v - from) / (to - from))
  const places = labels.map(({ at }) => height * (1 - along(at)))
  // those at one edge move apart
  for (const edge of new Set(labels.map(({ inset = 0 }) => inset))) {
    const own = labels.flatMap(({ inset = 0 }, i) => (inset === edge ? [i] : []))
    const apart = spread(
      own.map((i) => places[i]!),
      16,
      height
    )
    for (const [k, i] of own.entries()) places[i] = apart[k]!
  }
  return labels.map(({ text, color, inset = 0 }, i) => ({
    data: { values: [{}] },
    mark: { type: "text", text: text.split("\n"), align: "left", baseline: "middle", dx: 8, color: legible(color), fontWeight: 500 },
    encoding: { x: { value: width - inset }, y: { value: places[i] } }
  }))
}

/** A line across the view at a height, or down it at a place. */
export const rule = (channel: "x" | "y", encoding: Specification, at: number, style: Specification = {}): Specification => ({
  data: { values: [{ [String(encoding["field"])]: at }] },
  mark: { type: "rule", color: colour.ink, strokeWidth: 1.2, strokeDash: [5, 4], ...style },
  encoding: { [channel]: encoding }
})

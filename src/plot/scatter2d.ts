import { quantile } from "../inference/quantile.ts"
import { columnsOf, type Extent, type Points, type Table } from "./data.ts"
import { coreExtent, dots, type Grouped, grouped, type Groups, evenly } from "./dots.ts"
import { legible } from "./ramp.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { axis } from "./view.ts"

export interface ScatterOptions extends Heading {
  /** What each point belongs to: words for groups, or numbers for a scale. */
  readonly group?: Groups
  /** What the axes show; by default 99.8% of the points, at one scale. */
  readonly domain?: { readonly x: Extent; readonly y: Extent }
  readonly axes?: readonly [x: string, y: string]
  /** Pixels across. */
  readonly size?: number
  /** How many points are drawn at most; by default 2,000. */
  readonly most?: number
}

/** Each group's name above the middle of it. */
const names = (
  { count, columns: [across, up] }: Table,
  { names: groups, of }: Grouped,
  x: Specification,
  y: Specification
): ReadonlyArray<Specification> =>
  groups.flatMap(([name, color]) => {
    const members = Array.from({ length: count }, (_, i) => i).filter((i) => of(i) === name)
    const sorted = Float64Array.from(members, (i) => across![i]!).sort()
    const centre = quantile(sorted, 0.5)
    // of the fifth that is nearest to the middle
    const column = members
      .toSorted((i, j) => Math.abs(across![i]! - centre) - Math.abs(across![j]! - centre))
      .slice(0, Math.ceil(members.length / 5))
    const top = quantile(Float64Array.from(column, (i) => up![i]!).sort(), 0.98)
    const text = (style: Specification): Specification => ({
      data: { values: [{ x: centre, y: top }] },
      mark: { type: "text", text: name, fontWeight: 600, fontSize: 13, baseline: "bottom", dy: -5, ...style },
      encoding: { x, y }
    })
    return [text({ color: "white", stroke: "white", strokeWidth: 4, strokeJoin: "round", opacity: 0.9 }), text({ color: legible(color) })]
  })

/**
 * Points of the plane, coloured by group where there are groups, whose names stand on them.
 *
 * No points, one that is not finite, or groups of another number are an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { scatter2d } from "pushforward/plot"
 *
 * const specification = scatter2d([[0, 1], [1, 0], [0, -1]], { group: ["upper", "lower", "lower"], title: "Two moons" })
 * ```
 */
export const scatter2d = (
  points: Points,
  { group, domain, axes, size = 320, most = 2000, ...heading }: ScatterOptions = {}
): Specification => {
  const table = columnsOf("scatter2d", points, 2)
  const groups = grouped("scatter2d.group", group, table.count)
  const [across, up] = table.columns.map((column) => coreExtent([column], 0.001)) as [Extent, Extent]
  const ratio = Math.min(1.4, Math.max(0.5, (up[1] - up[0]) / (across[1] - across[0])))
  const [wide, high] = domain === undefined ? evenly(across, up, ratio) : [domain.x, domain.y]
  const height = Math.round(size * (domain === undefined ? ratio : 1))
  const x = axis("x", axes?.[0] ?? null, wide)
  const y = axis("y", axes?.[1] ?? null, high)
  const layer = [dots(table, groups, { x, y, most, size }), ...names(table, groups, x, y)]
  return framed({ width: size, height, layer }, heading, size)
}

import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import { columnsOf, type Extent, matched } from "./data.ts"
import { coreExtent, dots, grouped, type Groups, evenly } from "./dots.ts"
import { framed, type Heading, independent, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis } from "./view.ts"

/** The draws after a layer; `Density["layers"]` gives them. */
export interface Layer {
  readonly name: string
  readonly draws: NDArray
}

export interface LayerOptions extends Heading {
  /** What each draw belongs to, words or numbers; by default where it lies along the first axis at first. */
  readonly group?: Groups
  /** Panels in a row; by default 4, or all of up to 5. */
  readonly columns?: number
  /** What all panels show; by default 99% of the draws of the panel that spreads the farthest. */
  readonly domain?: { readonly x: Extent; readonly y: Extent }
}

const most = 800
const gap = 14

/**
 * The same draws after each layer of a flow, the base first, in panels that share their axes. A draw keeps its colour, so that one sees
 * where each part of the base goes.
 *
 * No layers, draws that are not points of the plane or of another number than the first layer's, or one that is not finite, is an
 * `ArgumentError`.
 *
 * @example
 * ```ts
 * import { layerByLayer } from "pushforward/plot"
 *
 * const base = { shape: [3, 2], data: Float64Array.of(0, 1, 1, 0, -1, -1) }
 * const moved = { shape: [3, 2], data: base.data.map((v) => 2 * v) }
 * const specification = layerByLayer([{ name: "base", draws: base }, { name: "coupling", draws: moved }], { title: "A flow" })
 * ```
 */
export const layerByLayer = (
  layers: ReadonlyArray<Layer>,
  { group, domain, columns = layers.length <= 5 ? layers.length : 4, ...heading }: LayerOptions = {}
): Specification => {
  if (layers.length === 0) throw new ArgumentError({ argument: "layerByLayer", expected: "one or more layers", received: "none" })
  if (!Number.isSafeInteger(columns) || columns < 1)
    throw new ArgumentError({ argument: "layerByLayer.columns", expected: "a whole number from 1", received: String(columns) })
  const tables = layers.map(({ name, draws }) => columnsOf(`layerByLayer.${name}`, draws, 2))
  const { count } = tables[0]!
  for (const [i, table] of tables.entries()) matched(`layerByLayer.${layers[i]!.name}`, table.count, count, "draw of the first layer")
  const groups = grouped("layerByLayer.group", group ?? rankOf(tables[0]!.columns[0]!), count)
  const widest = (axis: 0 | 1): Extent => {
    const extents = tables.map(({ columns: c }) => coreExtent([c[axis]!], 0.002))
    return [Math.min(...extents.map(([from]) => from)), Math.max(...extents.map(([, to]) => to))]
  }
  const [wide, high] = domain === undefined ? evenly(widest(0), widest(1)) : [domain.x, domain.y]
  const size = Math.round(Math.min(220, Math.max(120, (720 - gap * (columns - 1)) / columns)))
  const bare = { labels: false, ticks: false, domain: false, values: [0], grid: true }
  const [x, y] = [axis("x", null, wide, bare), axis("y", null, high, bare)]
  const panels = tables.map((table, i) => ({
    width: size,
    height: size,
    title: {
      text: layers[i]!.name,
      fontSize: 12,
      fontWeight: "normal",
      frame: "group",
      offset: 5,
      color: colour.quiet
    },
    view: { stroke: colour.line },
    ...dots(table, groups, { x, y, most: Math.min(most, Math.ceil(6400 / layers.length)), size })
  }))
  return framed({ concat: panels, columns, spacing: gap, resolve: independent }, heading, columns * (size + gap))
}

/** The ranks of values, which colour evenly. */
const rankOf = (values: Float64Array): Float64Array => {
  const ranks = new Float64Array(values.length)
  for (const [rank, i] of Array.from(values.keys())
    .sort((a, b) => values[a]! - values[b]!)
    .entries())
    ranks[i] = rank
  return ranks
}

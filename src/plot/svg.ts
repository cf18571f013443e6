/** Pictures as SVG, by Vega without a browser. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { TopLevelSpec } from "vega-lite"
import { compact } from "./compact.ts"
import { textWidth } from "./measure.ts"
import type { Specification } from "./specification.ts"

/** A picture that could not be drawn. */
export class PictureError extends Data.TaggedError("PictureError")<{
  readonly reason: string
  readonly cause: unknown
  /** The packages that drawing needs beside pushforward. */
  readonly needs?: string
}> {
  override get message(): string {
    return `picture: ${this.reason}. Drawing needs ${this.needs ?? "the packages vega and vega-lite"} beside pushforward.`
  }
}

/** How Vega measures text. Without a canvas it takes every letter to be as wide as a W; it lets others measure (`textMetrics`, vega-scenegraph). */
interface TextMetrics {
  width: (item: { readonly fontSize?: number; readonly fontWeight?: unknown }, text: string | number) => number
  readonly estimateWidth: TextMetrics["width"]
}

const bold = (weight: unknown): boolean => weight === "bold" || Number(weight) >= 600

/** Runs up to the first wait with widths of letters where there is no canvas. */
const measured = <A>(metrics: TextMetrics, run: () => A): A => {
  const before = metrics.width
  if (before === metrics.estimateWidth)
    metrics.width = ({ fontSize = 11, fontWeight }, text) => textWidth(`${text}`, fontSize, bold(fontWeight))
  try {
    return run()
  } finally {
    metrics.width = before
  }
}

/**
 * A Vega-Lite specification, or one of Vega, drawn as SVG text, in Node and in browsers alike. `vega` and `vega-lite` are loaded when this
 * runs: they are optional peers.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { forestPlot, svg } from "pushforward/plot"
 *
 * const draws = { mu: { shape: [4], data: Float64Array.of(4.1, 5.2, 3.9, 6.0) } }
 * const drawn = await Effect.runPromise(svg(forestPlot(draws, { title: "Eight schools" })))
 * ```
 */
export const svg = (specification: Specification): Effect.Effect<string, PictureError> =>
  Effect.tryPromise({
    try: async () => {
      const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")])
      const isVega = String(specification["$schema"]).includes("/vega/")
      const compiled = isVega ? (specification as Parameters<typeof vega.parse>[0]) : compile(specification as unknown as TopLevelSpec).spec
      const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.Warn })
      try {
        // Vega lays out before it first waits
        await measured((vega as unknown as { readonly textMetrics: TextMetrics }).textMetrics, () => view.runAsync())
        return compact(await view.toSVG())
      } finally {
        view.finalize()
      }
    },
    catch: (cause) => new PictureError({ reason: cause instanceof Error ? cause.message : String(cause), cause })
  })

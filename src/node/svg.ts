/** Pictures as SVG, by Vega without a browser. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { TopLevelSpec } from "vega-lite"
import type { Specification } from "../report/picture.ts"

/** A picture that could not be drawn. */
export class PictureError extends Data.TaggedError("PictureError")<{ readonly reason: string; readonly cause: unknown }> {
  override get message(): string {
    return `picture: ${this.reason}. Drawing needs the packages vega and vega-lite beside pushforward.`
  }
}

/**
 * A Vega-Lite specification drawn as SVG text. `vega` and `vega-lite` are loaded when this runs: they are optional peers.
 *
 * @example
 * ```ts
 * import * as Effect from "effect/Effect"
 * import { picture } from "pushforward"
 * import { svg } from "pushforward/node"
 *
 * const draws = { mu: { shape: [4], data: Float64Array.of(4.1, 5.2, 3.9, 6.0) } }
 * const drawn = await Effect.runPromise(svg(picture(draws, { title: "Eight schools" })))
 * ```
 */
export const svg = (specification: Specification): Effect.Effect<string, PictureError> =>
  Effect.tryPromise({
    try: async () => {
      const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")])
      const view = new vega.View(vega.parse(compile(specification as unknown as TopLevelSpec).spec), {
        renderer: "none",
        logLevel: vega.Warn
      })
      return await view.toSVG().finally(() => view.finalize())
    },
    catch: (cause) => new PictureError({ reason: cause instanceof Error ? cause.message : String(cause), cause })
  })

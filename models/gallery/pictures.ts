/** Pictures that many entries have. */
import * as Effect from "effect/Effect"
import type { Density, DensityStep, NDArray } from "pushforward"
import { density2d, type Extent, layerByLayer, lossCurves, mesh, scatter2d, type Specification } from "pushforward/plot"
import type { Points, Trained } from "./densityEntry.ts"
import type { Picture } from "./entry.ts"
import { rowsOf } from "./targets/target.ts"

/** A part of the plane. */
export interface Window {
  readonly x: Extent
  readonly y: Extent
}

export const square = (half: number): Window => ({ x: [-half, half], y: [-half, half] })

/** Log densities, −∞ where scales without bounds overflow, far from the points. */
export const withoutOverflow = (logDensity: Float64Array): Float64Array => logDensity.map((v) => (Number.isNaN(v) ? -Infinity : v))

/** The log density of a flow on a mesh. */
export const surfaceOf = (density: Density, { x, y }: Window, size = 200) => {
  const { points, ...places } = mesh(x, y, size)
  return Effect.map(density.logDensity(points), (found) => ({ ...places, logDensity: withoutOverflow(found) }))
}

/** A log density that is known, on a mesh. */
export const trueSurface = (logDensity: (x: ArrayLike<number>) => number, { x, y }: Window, size = 200) => {
  const { points, ...places } = mesh(x, y, size)
  return {
    ...places,
    logDensity: Float64Array.from({ length: size * size }, (_, i) => logDensity(points.data.subarray(2 * i, 2 * i + 2)))
  }
}

/** The epochs that a film shows: the first, and every so many-th. */
export const isFrame =
  (every: number) =>
  ({ epoch: { epoch } }: DensityStep): boolean =>
    epoch === 1 || epoch % every === 0

export interface Sides {
  readonly text: Trained
  readonly own: Trained
  readonly data: Points
}

export interface PlaneOptions {
  readonly window: Window
  readonly logDensity: (x: ArrayLike<number>) => number
  /** What colours points and draws; by default where in the base a draw starts. */
  readonly groupOf?: (x: ArrayLike<number>) => string
  readonly entropy: number
}

const losses = ({ density }: Trained, title: string, entropy: number): Specification =>
  lossCurves(density.history, { entropy, title, subtitle: "Nats a point, by epoch" })

/** Of densities in the plane: the truth and the two fits, what each layer does, where the points come to lie in the base, and the training. */
export const planePictures =
  ({ window, logDensity, groupOf, entropy }: PlaneOptions) =>
  ({ text, own, data }: Sides) =>
    Effect.gen(function* () {
      const surfaces = { text: yield* surfaceOf(text.density, window), own: yield* surfaceOf(own.density, window) }
      const layers = yield* text.density.layers(2000)
      const latent: NDArray = yield* text.density.latent(data.x)
      const coloured = (points: NDArray) => (groupOf === undefined ? {} : { group: rowsOf(points).map(groupOf) })
      const pictures: ReadonlyArray<Picture> = [
        {
          name: "density",
          caption: "The true density, the flow of the text by its budget, and the library's defaults on the same points.",
          specification: density2d({
            truth: trueSurface(logDensity, window),
            "as in the text": surfaces.text,
            "by default": surfaces.own
          })
        },
        {
          name: "layers",
          caption: "The same draws in the base and after each layer.",
          specification: layerByLayer(layers, coloured(layers.at(-1)!.draws))
        },
        {
          name: "latent",
          caption: "The points, and where the inverse of the flow takes them: a standard normal, if it is right.",
          specification: scatter2d(latent, { title: "Latent space", ...coloured(data.x), domain: square(4) })
        },
        {
          name: "training",
          caption: "The training by default: points trained on, and points held out.",
          specification: losses(own, "Training", entropy)
        }
      ]
      return { pictures }
    })

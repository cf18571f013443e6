import { ArgumentError } from "../errors.ts"
import type { NDArray } from "../graph/types.ts"
import { type Extent, extentOf } from "./data.ts"
import { dataUri } from "./png/png.ts"
import { framed, type Heading, type Specification } from "./specification.ts"

export interface ImagesOptions extends Heading {
  /** Images in a row; by default about as many as there are rows. */
  readonly columns?: number
  /** Names of the rows, at their left. */
  readonly rows?: ReadonlyArray<string>
  /** The values that are the background and the ink; by default the least and the greatest. */
  readonly range?: Extent
  /** By default dark on white. */
  readonly ink?: "dark" | "light"
  /** Pixels for each of an image's own; by default 2. */
  readonly zoom?: number
}

const gap = 2

/**
 * A grid of small grey images `[n, height, width]`, such as digits, row by row.
 *
 * No images, another shape, or a value that is not finite is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { images } from "pushforward/plot"
 *
 * const crosses = { shape: [6, 3, 3], data: Float32Array.from({ length: 54 }, (_, i) => Number(i % 9 % 2 === 0)) }
 * const specification = images(crosses, { columns: 3, rows: ["data", "samples"], zoom: 12 })
 * ```
 */
export const images = (
  { shape, data }: NDArray,
  { columns, rows = [], range, ink = "dark", zoom = 2, ...heading }: ImagesOptions = {}
): Specification => {
  const [count = 0, high = 0, wide = 0] = shape
  if (shape.length !== 3 || count * high * wide === 0 || data.length !== count * high * wide)
    throw new ArgumentError({
      argument: "images",
      expected: "images [n, height, width], one or more",
      received: `shape [${shape.join(", ")}] and ${data.length} numbers`
    })
  const bad = data.findIndex((v) => !Number.isFinite(v))
  if (bad >= 0)
    throw new ArgumentError({
      argument: `images[${Math.floor(bad / (high * wide))}]`,
      expected: "finite numbers",
      received: String(data[bad])
    })
  const across = columns ?? Math.ceil(Math.sqrt(count))
  for (const [argument, value] of Object.entries({ columns: across, zoom }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new ArgumentError({ argument: `images.${argument}`, expected: "a whole number from 1", received: String(value) })
  const down = Math.ceil(count / across)
  const [from, to] = range ?? extentOf(data)
  const [width, height] = [across * (wide + gap) - gap, down * (high + gap) - gap]
  // the last colour is the page's, between images
  const pixels = new Uint8Array(width * height).fill(255)
  for (const [i, value] of data.entries()) {
    const image = Math.floor(i / (high * wide))
    const [y, x] = [Math.floor((i % (high * wide)) / wide), i % wide]
    const share = Math.min(1, Math.max(0, (value - from) / (to - from || 1)))
    pixels[(Math.floor(image / across) * (high + gap) + y) * width + (image % across) * (wide + gap) + x] = Math.round(254 * share)
  }
  const grey = (i: number): readonly [number, number, number] => {
    const share = ink === "dark" ? 1 - i / 254 : i / 254
    // from white to the ink of the text, or from black to white
    return ink === "dark"
      ? ([27 + 228 * share, 39 + 216 * share, 51 + 204 * share].map(Math.round) as [number, number, number])
      : ([255 * share, 255 * share, 255 * share].map(Math.round) as [number, number, number])
  }
  const palette = [...Array.from({ length: 255 }, (_, i) => grey(i)), [255, 255, 255] as const]
  return framed(
    {
      width: width * zoom,
      height: height * zoom,
      layer: [
        {
          data: { values: [{ url: dataUri({ width, height, pixels, palette }) }] },
          mark: { type: "image", width: width * zoom, height: height * zoom, aspect: false, align: "left", baseline: "top", smooth: false },
          encoding: { url: { field: "url" }, x: { value: 0 }, y: { value: 0 } }
        },
        ...rows.map((text, row) => ({
          data: { values: [{}] },
          mark: { type: "text", text, align: "right", baseline: "middle", dx: -10 },
          encoding: { x: { value: 0 }, y: { value: (row * (high + gap) + high / 2) * zoom } }
        }))
      ]
    },
    heading,
    Math.max(220, width * zoom)
  )
}

/** Colour scales whose lightness changes evenly: between anchors they are linear in OKLab (Ottosson 2020). */

export type RGB = readonly [number, number, number]

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
const gamma = (c: number): number => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055)

export const rgbOf = (hex: string): RGB => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as RGB

/** Lightness, green to red, and blue to yellow. */
export const oklab = (rgb: RGB): RGB => {
  const [r, g, b] = rgb.map((c) => linear(c / 255)) as [number, number, number]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  ]
}

const fromOklab = ([L, a, b]: RGB): RGB => {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
  ]
  return channels.map((c) => Math.round(255 * Math.min(1, Math.max(0, gamma(Math.min(1, Math.max(0, c))))))) as unknown as RGB
}

/** `count` colours through the anchors, at even steps of lightness. */
const ramp = (anchors: ReadonlyArray<string>, count: number): ReadonlyArray<RGB> => {
  const stops = anchors.map((hex) => oklab(rgbOf(hex)))
  const [first, last] = [stops[0]![0], stops.at(-1)![0]]
  return Array.from({ length: count }, (_, i) => {
    const lightness = first + ((last - first) * i) / (count - 1)
    const after = Math.max(
      1,
      stops.findIndex(([l]) => (last < first ? l <= lightness + 1e-9 : l >= lightness - 1e-9))
    )
    const [from, to] = [stops[after - 1]!, stops[after]!]
    const share = (lightness - from[0]) / (to[0] - from[0])
    return fromOklab([lightness, from[1] + share * (to[1] - from[1]), from[2] + share * (to[2] - from[2])])
  })
}

/** White where nothing is, through blue to near black. */
export const densities = ramp(["#ffffff", "#d8ebf3", "#93c9df", "#4596c4", "#2a5c9c", "#26316f", "#140f2d"], 256)

/** The colour, dark enough to be read as text on white. */
export const legible = (hex: string): string => {
  const [lightness, a, b] = oklab(rgbOf(hex))
  return lightness <= 0.6 ? hex : hexOf(fromOklab([0.6, a, b]))
}

export const hexOf = (rgb: RGB): string => `#${rgb.map((c) => c.toString(16).padStart(2, "0")).join("")}`

import { ArgumentError } from "../errors.ts"
import { type Extent, extentOf, named } from "./data.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { colour, palette } from "./theme.ts"
import { axis, endLabels, ruled } from "./view.ts"

export interface Measured {
  readonly size: number
  readonly value: number
  /** The spread about the value. */
  readonly low?: number
  readonly high?: number
}

export interface ScalingOptions extends Heading {
  readonly axes?: readonly [size: string, value: string]
  /** The power of a faint line to compare with: 1 for linear growth, by default none. */
  readonly power?: number
  readonly width?: number
  readonly height?: number
}

/** A little wider than the values, by a factor. */
const roomy = ([from, to]: Extent, factor: number): Extent => [from / factor, to * factor]

/** Powers of ten within the extent, or with their doubles and halves where there are few. */
export const logTicks = ([from, to]: Extent): ReadonlyArray<number> => {
  const least = Math.floor(Math.log10(from))
  const powers = Array.from({ length: Math.ceil(Math.log10(to)) - least + 1 }, (_, i) => 10 ** (least + i))
  const inside = (ticks: ReadonlyArray<number>): ReadonlyArray<number> => ticks.filter((tick) => tick >= from && tick <= to)
  return inside(powers).length > 2 ? inside(powers) : inside(powers.flatMap((power) => [power, 2 * power, 5 * power]))
}

/**
 * Time, or quality, against size on logarithmic axes, a line for each name, with the spread of each measurement.
 *
 * Nothing measured, or a size or value that is not finite and above 0, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { scaling } from "pushforward/plot"
 *
 * const line = [16, 64, 256].map((size) => ({ size, value: 0.01 * size, low: 0.008 * size, high: 0.015 * size }))
 * const specification = scaling({ pushforward: line }, { axes: ["draws", "ms a step"], power: 1 })
 * ```
 */
export const scaling = (
  series: Readonly<Record<string, ReadonlyArray<Measured>>>,
  { axes = ["size", "time"], power, width = 460, height = 320, ...heading }: ScalingOptions = {}
): Specification => {
  const lines = named("scaling", series).map(([name, measured], i) => {
    if (measured.length === 0) throw new ArgumentError({ argument: `scaling.${name}`, expected: "one or more sizes", received: "none" })
    for (const [k, entry] of measured.entries())
      for (const [field, value] of Object.entries(entry))
        if (typeof value === "number" && !(value > 0 && value < Infinity))
          throw new ArgumentError({
            argument: `scaling.${name}[${k}].${field}`,
            expected: "a finite number above 0",
            received: String(value)
          })
    return { name, measured: measured.toSorted((a, b) => a.size - b.size), color: palette[i % palette.length]! }
  })
  const all = lines.flatMap(({ measured }) => measured)
  const sizes = roomy(extentOf(all.map(({ size }) => size)), 1.12)
  const values = roomy(extentOf(all.flatMap(({ value, low = value, high = value }) => [value, low, high])), 1.3)
  const x = axis("size", axes[0], sizes, { log: true, values: logTicks(sizes), format: sizes[1] > 1e7 ? "~s" : ",~r" })
  const y = axis("value", axes[1], values, { log: true, values: logTicks(values), format: ",~r", ...ruled })
  const first = lines[0]!.measured[0]!
  return framed(
    {
      width,
      height,
      layer: [
        ...(power === undefined
          ? []
          : [
              {
                data: {
                  values: [first.size, all.reduce((most, { size }) => Math.max(most, size), 0)].map((size) => ({
                    size,
                    value: first.value * (size / first.size) ** power
                  }))
                },
                mark: { type: "line", color: colour.faint, strokeDash: [4, 4], strokeWidth: 1.2, clip: true },
                encoding: { x, y }
              }
            ]),
        ...lines.flatMap(({ measured, color }) => [
          {
            data: { values: measured.filter(({ low, high }) => low !== undefined && high !== undefined) },
            mark: { type: "rule", color, strokeWidth: 1.6, opacity: 0.6 },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } }
          },
          { data: { values: measured }, mark: { type: "line", color, strokeWidth: 2 }, encoding: { x, y } },
          {
            data: { values: measured },
            mark: { type: "point", filled: true, size: 42, color, stroke: "white", strokeWidth: 1.2, opacity: 1 },
            encoding: { x, y }
          }
        ]),
        ...endLabels(
          lines.map(({ name, measured, color }) => ({
            text: name,
            at: measured.at(-1)!.value,
            color,
            inset: Math.round(width * (Math.log(sizes[1] / (1.12 * measured.at(-1)!.size)) / Math.log(sizes[1] / sizes[0])))
          })),
          { width, height, domain: values, log: true }
        )
      ]
    },
    heading,
    width + 100
  )
}

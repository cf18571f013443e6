import type { Range } from "../catalogue/menu.ts"

/** About `count` round numbers within a range: 1, 2 or 5 times a power of ten apart. */
export const ticksOf = ([from, to]: Range, count: number): ReadonlyArray<number> => {
  const rough = (to - from) / count
  if (!(rough > 0) || !Number.isFinite(rough)) return []
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough)!
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step)
}

export const tickText = (value: number): string =>
  Number(value.toPrecision(10)).toLocaleString("en", { maximumFractionDigits: 6 }).replace("-", "−")

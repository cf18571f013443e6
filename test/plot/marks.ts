/** What a drawn picture shows, read from its SVG. */
import * as Effect from "effect/Effect"
import type { Specification } from "../../src/plot/specification.ts"
import { svg } from "../../src/plot/svg.ts"

export const drawn = (specification: Specification): Promise<string> => Effect.runPromise(svg(specification))

export interface Dot {
  readonly x: number
  readonly y: number
  readonly r: number
  readonly fill: string
}

/** The circles in order, in the pixels of their own view. */
export const dotsOf = (text: string): ReadonlyArray<Dot> =>
  [...text.matchAll(/<g class="mark-symbol[^>]*?(?: fill="([^"]*)")?[^>]*>((?:<circle [^>]*>)+)<\/g>/g)].flatMap(([, shared = "", group]) =>
    [...group!.matchAll(/<circle cx="([^"]*)" cy="([^"]*)" r="([^"]*)"(?:[^>]*? fill="([^"]*)")?/g)].map(([, x, y, r, fill]) => ({
      x: Number(x),
      y: Number(y),
      r: Number(r),
      fill: fill ?? shared
    }))
  )

/** The points of each line, in the pixels of its own view. */
export const linesOf = (text: string): ReadonlyArray<ReadonlyArray<readonly [number, number]>> =>
  [...text.matchAll(/<g class="mark-line[^>]*>((?:<path [^>]*>)+)<\/g>/g)].flatMap(([, group]) =>
    [...group!.matchAll(/ d="([^"]*)"/g)].map(([, d]) =>
      [...d!.matchAll(/[ML]([^,]+),([^MLZ]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const)
    )
  )

/** The words, in order. */
export const textOf = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g)].map(([, words]) => words!)

/** The image files within. */
export const filesOf = (text: string): ReadonlyArray<Buffer> =>
  [...text.matchAll(/data:image\/png;base64,([^"]*)"/g)].map(([, code]) => Buffer.from(code!, "base64"))

/** Uniform numbers of a seed (mulberry32), and normal ones of them (Box & Muller 1958). */
export const uniforms = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t)
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 2 ** 32
  }
}
export const normals = (seed: number): (() => number) => {
  const uniform = uniforms(seed)
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

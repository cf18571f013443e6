/** What all views of a run share: its points by stage, where they lie, and their colours. */
import type { Range, Plane, Posed } from "../catalogue/menu.ts"
import type { Frame, Ready } from "../protocol.ts"

export interface Box {
  readonly x: Range
  readonly y: Range
}

export interface Plotted {
  readonly target: Plane | Posed
  readonly ready: Ready
  readonly frame: Frame
  /** The part of the plane that each stage is shown in. */
  readonly boxes: ReadonlyArray<Box>
  /** Of each draw, the number of its hue. */
  readonly hues: Uint8Array
}

export const hueCount = 30

export const hueColour = (hue: number, dark: boolean): string => `oklch(${dark ? 0.76 : 0.62} 0.15 ${(hue * 360) / hueCount})`

const pointCount = ({ draws, lines }: Ready): number => lines.reduce((n, line) => n + line, draws)

/** Where the points of a stage begin. */
export const offsetOf = (ready: Ready, stage: number): number => stage * pointCount(ready) * 2

/** Hues by the direction in which draws lie in the base. */
export const huesOf = (ready: Ready, { points }: Frame): Uint8Array =>
  Uint8Array.from({ length: ready.draws }, (_, i) => {
    const turn = Math.atan2(points[2 * i + 1]!, points[2 * i]!) / (2 * Math.PI)
    return Math.floor((turn - Math.floor(turn)) * hueCount) % hueCount
  })

const column = new Float32Array(4096)

/** Where all but a few of the draws of a stage lie, along one axis. */
const extent = (ready: Ready, { points }: Frame, stage: number, axis: 0 | 1, left: number): Range => {
  const from = offsetOf(ready, stage)
  const values = column.subarray(0, ready.draws)
  for (let i = 0; i < ready.draws; i++) values[i] = points[from + 2 * i + axis]!
  values.sort()
  const at = (share: number): number => values[Math.round(share * (ready.draws - 1))]!
  return [at(left), at(1 - left)]
}

const widened = ([from, to]: Range, by: number): Range => {
  const middle = (from + to) / 2
  const half = Math.max(((to - from) / 2) * by, 1e-3)
  return [middle - half, middle + half]
}

/** With the same scale on both axes. */
const squared = ({ x, y }: Box): Box => {
  const half = Math.max(x[1] - x[0], y[1] - y[0]) / 2
  const [a, b] = [(x[0] + x[1]) / 2, (y[0] + y[1]) / 2]
  return { x: [a - half, a + half], y: [b - half, b + half] }
}

const base: Box = { x: [-3.4, 3.4], y: [-3.4, 3.4] }

const towards = (from: Range, to: Range, share: number): Range => [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]

/** Boxes follow the draws slowly, so that the eye can follow the draws. */
export const boxesOf = (target: Plane | Posed, ready: Ready, frame: Frame, before: ReadonlyArray<Box> | undefined): ReadonlyArray<Box> =>
  ready.stages.map((_, stage) => {
    if (stage === 0) return base
    const last = stage === ready.stages.length - 1
    if (last && target.kind === "plane") return target.view
    const found: Box = { x: widened(extent(ready, frame, stage, 0, 0.01), 1.25), y: widened(extent(ready, frame, stage, 1, 0.01), 1.25) }
    const box = last ? found : squared(found)
    const held = before?.[stage]
    return held === undefined ? box : { x: towards(held.x, box.x, 0.15), y: towards(held.y, box.y, 0.15) }
  })

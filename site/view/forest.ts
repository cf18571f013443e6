/** Intervals of a posterior as it is being fitted. */
import { surface } from "./canvas.ts"
import { theme } from "./theme.ts"
import { ticksOf, tickText } from "./ticks.ts"

export interface ForestRow {
  readonly label: string
  /** Which of the coordinates. */
  readonly coordinate: number
  /** What was observed. */
  readonly tick?: number
}

const margin = { left: 92, right: 14, top: 6, bottom: 24 }

export const forestOf = (canvas: HTMLCanvasElement, rows: ReadonlyArray<ForestRow>, range: readonly [number, number]) => {
  let quantiles: Float32Array | undefined
  const view = surface(canvas, (brush, width, height) => {
    const { colours } = theme()
    const tall = (height - margin.top - margin.bottom) / rows.length
    const x = (value: number): number => margin.left + ((width - margin.left - margin.right) * (value - range[0])) / (range[1] - range[0])
    brush.font = "11px Inter, sans-serif"
    brush.textAlign = "center"
    brush.lineWidth = 1
    for (const value of ticksOf(range, 6)) {
      brush.strokeStyle = value === 0 ? colours.faint : colours.line
      brush.beginPath()
      brush.moveTo(x(value), margin.top)
      brush.lineTo(x(value), height - margin.bottom)
      brush.stroke()
      brush.fillStyle = colours.quiet
      brush.fillText(tickText(value), x(value), height - 8)
    }
    brush.textBaseline = "middle"
    rows.forEach(({ label, coordinate, tick }, i) => {
      const y = margin.top + tall * (i + 0.5)
      brush.textAlign = "right"
      brush.fillStyle = colours.ink
      brush.fillText(label, margin.left - 14, y)
      if (quantiles !== undefined) {
        const [q05, q25, q50, q75, q95] = quantiles.subarray(5 * coordinate, 5 * coordinate + 5) as unknown as readonly [
          number,
          number,
          number,
          number,
          number
        ]
        const bar = (from: number, to: number, thick: number): void => {
          brush.beginPath()
          brush.moveTo(x(Math.max(from, range[0])), y)
          brush.lineTo(x(Math.min(to, range[1])), y)
          brush.lineWidth = thick
          brush.stroke()
        }
        brush.strokeStyle = colours.accent
        brush.lineCap = "round"
        brush.globalAlpha = 0.4
        bar(q05, q95, 3)
        brush.globalAlpha = 1
        bar(q25, q75, 5)
        brush.beginPath()
        brush.arc(x(q50), y, 4.2, 0, 2 * Math.PI)
        brush.fillStyle = colours.card
        brush.fill()
        brush.lineWidth = 2
        brush.stroke()
        brush.lineCap = "butt"
      }
      if (tick !== undefined) {
        brush.strokeStyle = colours.warm
        brush.lineWidth = 2
        brush.beginPath()
        brush.moveTo(x(tick), y - 6)
        brush.lineTo(x(tick), y + 6)
        brush.stroke()
      }
    })
    brush.textBaseline = "alphabetic"
  })
  return {
    show: (next: Float32Array): void => {
      quantiles = next
      view.refresh()
    }
  }
}

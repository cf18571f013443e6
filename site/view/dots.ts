/** The draws and the lines of the base's grid, at a stage or on the way from one to the next. */
import type { Brush } from "./canvas.ts"
import type { Box, Plotted } from "./plotted.ts"
import { hueColour, hueCount, offsetOf } from "./plotted.ts"

export interface Look {
  readonly width: number
  readonly height: number
  readonly dark: boolean
  readonly radius: number
  readonly opacity: number
  /** The colour of the grid's lines. */
  readonly line?: string
  /** At most so many draws. */
  readonly most?: number
}

const mix = (a: number, b: number, share: number): number => a + (b - a) * share

/** From a point to the pixels of its box. */
const placed = ({ ready, frame: { points }, boxes }: Plotted, stage: number, { width, height }: Look) => {
  const low = Math.min(Math.floor(stage), ready.stages.length - 1)
  const high = Math.min(low + 1, ready.stages.length - 1)
  const share = stage - low
  const [from, to] = [offsetOf(ready, low), offsetOf(ready, high)]
  const at = (box: Box, i: number, origin: number): readonly [number, number] => [
    (points[origin + 2 * i]! - box.x[0]) / (box.x[1] - box.x[0]),
    (points[origin + 2 * i + 1]! - box.y[0]) / (box.y[1] - box.y[0])
  ]
  return (i: number): readonly [number, number] => {
    const [x0, y0] = at(boxes[low]!, i, from)
    const [x1, y1] = share === 0 ? [x0, y0] : at(boxes[high]!, i, to)
    return [mix(x0, x1, share) * width, (1 - mix(y0, y1, share)) * height]
  }
}

export const drawLines = (brush: Brush, plotted: Plotted, stage: number, look: Look): void => {
  if (look.line === undefined) return
  const place = placed(plotted, stage, look)
  brush.beginPath()
  let at = plotted.ready.draws
  for (const length of plotted.ready.lines) {
    for (let i = 0; i < length; i++) {
      const [x, y] = place(at + i)
      if (i === 0) brush.moveTo(x, y)
      else brush.lineTo(x, y)
    }
    at += length
  }
  brush.strokeStyle = look.line
  brush.lineWidth = 1
  brush.stroke()
}

export const drawDots = (brush: Brush, plotted: Plotted, stage: number, look: Look): void => {
  const place = placed(plotted, stage, look)
  const count = Math.min(plotted.ready.draws, look.most ?? Infinity)
  brush.globalAlpha = look.opacity
  for (let hue = 0; hue < hueCount; hue++) {
    brush.fillStyle = hueColour(hue, look.dark)
    brush.beginPath()
    for (let i = 0; i < count; i++) {
      if (plotted.hues[i] !== hue) continue
      const [x, y] = place(i)
      if (x < -5 || y < -5 || x > look.width + 5 || y > look.height + 5) continue
      brush.moveTo(x + look.radius, y)
      brush.arc(x, y, look.radius, 0, 2 * Math.PI)
    }
    brush.fill()
  }
  brush.globalAlpha = 1
}

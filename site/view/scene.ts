/** The stage: the target's density, the draws on top, at any place between the base and the data. */
import type { Brush, Surface } from "./canvas.ts"
import { surface } from "./canvas.ts"
import { backdropOf } from "./backdrop.ts"
import { drawDots, drawLines } from "./dots.ts"
import type { Plotted } from "./plotted.ts"
import { theme } from "./theme.ts"
import { ticksOf, tickText } from "./ticks.ts"

export interface Scene {
  readonly show: (plotted: Plotted | undefined) => void
  /** The stage to be seen, from 0, the base, to the last. */
  readonly move: (stage: number) => void
}

const axes = (brush: Brush, { target, boxes }: Plotted, width: number, height: number): void => {
  if (target.kind !== "model") return
  const { colours } = theme()
  const { x, y } = boxes.at(-1)!
  brush.fillStyle = colours.quiet
  brush.strokeStyle = colours.line
  brush.lineWidth = 1
  brush.font = "11px Inter, sans-serif"
  brush.textBaseline = "bottom"
  brush.textAlign = "center"
  for (const value of ticksOf(x, 5)) {
    const at = ((value - x[0]) / (x[1] - x[0])) * width
    if (at < 40 || at > width - 40) continue
    brush.beginPath()
    brush.moveTo(at, 0)
    brush.lineTo(at, height)
    brush.stroke()
    brush.fillText(tickText(value), at, height - 6)
  }
  brush.textBaseline = "middle"
  brush.textAlign = "left"
  for (const value of ticksOf(y, 5)) {
    const at = (1 - (value - y[0]) / (y[1] - y[0])) * height
    if (at < 40 || at > height - 30) continue
    brush.beginPath()
    brush.moveTo(0, at)
    brush.lineTo(width, at)
    brush.stroke()
    brush.fillText(tickText(value), 6, at - 7)
  }
  brush.fillStyle = colours.ink
  brush.font = "500 12px Inter, sans-serif"
  brush.textAlign = "right"
  brush.textBaseline = "bottom"
  brush.fillText(`${target.coordinates[target.shown[0]]!} →`, width - 10, height - 22)
  brush.textBaseline = "top"
  brush.fillText(`↑ ${target.coordinates[target.shown[1]]!}`, width - 10, 10)
}

export const sceneOf = (canvas: HTMLCanvasElement): Scene => {
  let plotted: Plotted | undefined
  let stage = Infinity
  let backdrop: { readonly of: object; readonly ink: string; readonly image: HTMLCanvasElement } | undefined

  const imageFor = (now: Plotted, ink: string): HTMLCanvasElement | undefined => {
    const picture = now.frame.picture ?? now.ready.picture
    if (picture === undefined) return undefined
    if (backdrop?.of !== picture || backdrop.ink !== ink) backdrop = { of: picture, ink, image: backdropOf(picture, ink) }
    return backdrop.image
  }

  const view: Surface = surface(canvas, (brush, width, height) => {
    if (plotted === undefined) return
    const { colours, dark } = theme()
    const last = plotted.ready.stages.length - 1
    const at = Math.min(stage, last)
    const nearness = Math.max(0, 1 - (last - at))
    if (nearness > 0) {
      brush.globalAlpha = nearness
      axes(brush, plotted, width, height)
      const image = imageFor(plotted, plotted.frame.picture === undefined ? colours.ink : colours.accent)
      brush.imageSmoothingQuality = "high"
      if (image !== undefined) brush.drawImage(image, 0, 0, width, height)
      brush.globalAlpha = 1
    }
    const look = { width, height, dark, radius: Math.max(1.5, width / 260), opacity: 0.78, line: colours.faint }
    brush.globalAlpha = 0.45
    drawLines(brush, plotted, at, look)
    drawDots(brush, plotted, at, look)
  })

  return {
    show: (next) => {
      plotted = next
      view.refresh()
    },
    move: (next) => {
      stage = next
      view.refresh()
    }
  }
}

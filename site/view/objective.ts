/** The objective against the step, with its Monte Carlo band; dragging looks back. */
import { surface } from "./canvas.ts"
import type { History, Stretch } from "./history.ts"
import { theme } from "./theme.ts"
import { ticksOf, tickText } from "./ticks.ts"

export interface Objective {
  readonly show: (state: { readonly history: History; readonly steps: number; readonly limit?: number | undefined }) => void
  /** Marks a step of the past, or the present. */
  readonly mark: (step: number | undefined) => void
}

const margin = { left: 8, right: 44, top: 12, bottom: 24 }

/** Means over neighbours. */
const smooth = (values: ReadonlyArray<number>): ReadonlyArray<number> => {
  const reach = Math.max(1, Math.round(values.length / 50))
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - Math.min(reach, i)), i + Math.min(reach, i, values.length - 1 - i) + 1)
    return near.reduce((sum, v) => sum + v, 0) / near.length
  })
}

/** From where most of the curve lies to its highest: the first steps may be anywhere below. */
const rangeOf = (stretches: ReadonlyArray<Stretch>, limit: number | undefined): readonly [number, number] => {
  const means = stretches.map(({ mean }) => mean).sort((a, b) => a - b)
  const high = Math.max(means.at(-1)!, limit ?? -Infinity)
  const low = Math.min(means[Math.floor(0.12 * means.length)]!, high - 1e-3)
  const error = stretches.at(-1)!.error || 0
  const from = Math.min(low, means.at(-1)! - 4 * error)
  const span = Math.max(high - from, 1e-3)
  return [from - 0.06 * span, high + 0.1 * span]
}

export const objectiveOf = (canvas: HTMLCanvasElement, look: (step: number | undefined) => void): Objective => {
  let shown: Parameters<Objective["show"]>[0] | undefined
  let marked: number | undefined
  let range: readonly [number, number] | undefined
  let of: History | undefined

  const view = surface(canvas, (brush, width, height) => {
    const { colours } = theme()
    const stretches = shown?.history.stretches() ?? []
    brush.font = "10.5px Inter, sans-serif"
    if (shown === undefined || stretches.length === 0) return
    if (of !== shown.history) [of, range] = [shown.history, undefined]
    const goal = rangeOf(stretches, shown.limit)
    range = range === undefined ? goal : [range[0] + (goal[0] - range[0]) * 0.25, range[1] + (goal[1] - range[1]) * 0.25]
    const [from, to] = range
    const [inner, tall] = [width - margin.left - margin.right, height - margin.top - margin.bottom]
    const x = (step: number): number => margin.left + (inner * step) / shown!.steps
    const y = (value: number): number => margin.top + tall * (1 - (value - from) / (to - from))

    brush.strokeStyle = colours.line
    brush.fillStyle = colours.quiet
    brush.lineWidth = 1
    brush.textBaseline = "middle"
    for (const value of ticksOf(range, 4)) {
      brush.beginPath()
      brush.moveTo(margin.left, y(value))
      brush.lineTo(width - margin.right, y(value))
      brush.stroke()
      brush.fillText(tickText(value), width - margin.right + 6, y(value))
    }
    brush.textBaseline = "alphabetic"
    for (const step of [0, shown.steps / 2, shown.steps]) {
      brush.textAlign = step === 0 ? "left" : step === shown.steps ? "right" : "center"
      brush.fillText(step === shown.steps ? `${step.toLocaleString("en")} steps` : step.toLocaleString("en"), x(step), height - 8)
    }
    brush.textAlign = "left"

    brush.save()
    brush.beginPath()
    brush.rect(margin.left, 0, inner + 2, height - margin.bottom)
    brush.clip()
    brush.beginPath()
    stretches.forEach(({ step, mean, error }) => brush.lineTo(x(step), y(mean + 2 * (error || 0))))
    stretches.toReversed().forEach(({ step, mean, error }) => brush.lineTo(x(step), y(mean - 2 * (error || 0))))
    brush.fillStyle = colours.shade
    brush.globalAlpha = 0.55
    brush.fill()
    brush.lineJoin = "round"
    brush.strokeStyle = colours.accent
    const line = (values: ReadonlyArray<number>, thick: number, opacity: number): void => {
      brush.beginPath()
      stretches.forEach(({ step }, i) => brush.lineTo(x(step), y(values[i]!)))
      brush.lineWidth = thick
      brush.globalAlpha = opacity
      brush.stroke()
    }
    const means = stretches.map(({ mean }) => mean)
    line(means, 1, 0.35)
    line(smooth(means), 1.8, 1)
    brush.restore()

    if (shown.limit !== undefined) {
      brush.beginPath()
      brush.setLineDash([4, 3])
      brush.moveTo(margin.left, y(shown.limit))
      brush.lineTo(width - margin.right, y(shown.limit))
      brush.strokeStyle = colours.warm
      brush.lineWidth = 1.2
      brush.stroke()
      brush.setLineDash([])
      brush.fillStyle = colours.warm
      brush.fillText("the best possible", margin.left + 4, y(shown.limit) - 5)
    }
    if (marked !== undefined) {
      brush.beginPath()
      brush.moveTo(x(marked), margin.top)
      brush.lineTo(x(marked), height - margin.bottom)
      brush.strokeStyle = colours.ink
      brush.lineWidth = 1.2
      brush.stroke()
    }
  })

  const stepAt = (event: PointerEvent): number => {
    const { left, width } = canvas.getBoundingClientRect()
    const share = (event.clientX - left - margin.left) / (width - margin.left - margin.right)
    return Math.round(Math.min(1, Math.max(0, share)) * (shown?.steps ?? 0))
  }
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId)
    look(stepAt(event))
  })
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) look(stepAt(event))
  })
  canvas.addEventListener("keydown", (event) => {
    const steps = shown?.steps ?? 0
    const now = marked ?? shown?.history.stretches().at(-1)?.step ?? 0
    const moves: Readonly<Record<string, number | undefined>> = {
      ArrowLeft: Math.max(0, now - steps / 50),
      ArrowRight: Math.min(steps, now + steps / 50),
      Home: 0,
      End: undefined,
      Escape: undefined
    }
    if (!(event.key in moves)) return
    event.preventDefault()
    const to = moves[event.key]
    look(to === undefined ? undefined : Math.round(to))
  })

  return {
    show: (state) => {
      shown = state
      canvas.setAttribute("aria-valuemax", String(state.steps))
      view.refresh()
    },
    mark: (step) => {
      marked = step
      canvas.setAttribute("aria-valuenow", String(step ?? shown?.history.stretches().at(-1)?.step ?? 0))
      canvas.setAttribute("aria-valuetext", step === undefined ? "now" : `step ${step}`)
      view.refresh()
    }
  }
}

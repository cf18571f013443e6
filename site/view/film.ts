/** Small multiples: the draws after each layer. */
import { surface } from "./canvas.ts"
import { drawDots, drawLines } from "./dots.ts"
import type { Plotted } from "./plotted.ts"
import { theme } from "./theme.ts"

export interface Film {
  readonly show: (plotted: Plotted | undefined) => void
  readonly move: (stage: number) => void
}

const most = 10

/** The stages that get a picture: all, or some of them evenly; a permutation is no layer of its own. */
const chosen = (stages: ReadonlyArray<string>): ReadonlyArray<number> => {
  const all = [...stages.keys()].filter((i) => !stages[i]!.startsWith("permutation") && !stages[i]!.startsWith("fixed"))
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)
}

const titleOf = (stages: ReadonlyArray<string>, stage: number): string => {
  if (stage === 0) return "base: standard normal"
  return /^(triangular affine|triangularAffine|elementwise ?[aA]ffine)/.test(stages[stage]!)
    ? "affine, in the target’s units"
    : stages[stage]!
}

export const filmOf = (strip: HTMLElement, choose: (stage: number) => void): Film => {
  let plotted: Plotted | undefined
  let made: {
    readonly of: string
    readonly views: ReadonlyArray<{ readonly stage: number; readonly button: HTMLButtonElement; readonly refresh: () => void }>
  } = {
    of: "",
    views: []
  }

  const pictureAt = (stage: number, stages: ReadonlyArray<string>) => {
    const button = document.createElement("button")
    button.type = "button"
    const canvas = button.appendChild(document.createElement("canvas"))
    button.appendChild(document.createElement("span")).textContent = titleOf(stages, stage)
    button.addEventListener("click", () => choose(stage))
    const { refresh } = surface(canvas, (brush, width, height) => {
      if (plotted === undefined || stage >= plotted.ready.stages.length) return
      const { colours, dark } = theme()
      const look = { width, height, dark, radius: 1.1, opacity: 0.75, most: 600, line: colours.line }
      drawLines(brush, plotted, stage, look)
      drawDots(brush, plotted, stage, look)
    })
    return { stage, button, refresh }
  }

  return {
    show: (next) => {
      plotted = next
      const stages = next?.ready.stages ?? []
      const of = stages.join()
      if (next !== undefined && of !== made.of) {
        made = { of, views: chosen(stages).map((stage) => pictureAt(stage, stages)) }
        strip.replaceChildren(...made.views.map(({ button }) => button))
      }
      for (const { refresh } of made.views) refresh()
    },
    move: (stage) => {
      for (const view of made.views) view.button.setAttribute("aria-pressed", String(Math.abs(view.stage - stage) < 0.5))
    }
  }
}

/** Eight schools beside its program, fitted by the library's defaults. */
import { defaults, type Choices } from "./catalogue/choices.ts"
import { sessionOf } from "./session.ts"
import type { ForestRow } from "./view/forest.ts"
import { forestOf } from "./view/forest.ts"
import { historyOf } from "./view/history.ts"
import { showFailure, showVerdict } from "./view/verdict.ts"

const choices: Choices = {
  ...defaults,
  target: "eight-schools",
  way: "density",
  flow: "spline",
  depth: 4,
  width: 32,
  draws: 64,
  rate: 0.005,
  steps: 2000,
  seed: 0
}

const observed = [28, 8, -3, 7, -1, 1, 18, 12]

const rows: ReadonlyArray<ForestRow> = [
  ...observed.map((tick, i) => ({ label: `school ${i + 1}`, coordinate: i + 2, tick })),
  { label: "their mean μ", coordinate: 0 }
]

export const startHero = (panel: HTMLElement): void => {
  const figures = panel.querySelector<HTMLElement>("[data-hero-figures]")!
  const verdict = panel.querySelector<HTMLElement>("[data-hero-verdict]")!
  const forest = forestOf(panel.querySelector<HTMLCanvasElement>("[data-hero-forest]")!, rows, [-16, 34])
  const history = historyOf()
  const session = sessionOf({
    ready: () => {},
    frame: ({ infos, reached, trained, quantiles }) => {
      history.add(infos)
      forest.show(quantiles)
      const seconds = (trained / 1000).toFixed(1)
      figures.textContent = `Step ${reached.toLocaleString("en")} of ${choices.steps.toLocaleString("en")} in ${seconds} s. ELBO ${(history.last() ?? NaN).toFixed(2).replace("-", "−")} nats.`
    },
    state: () => {},
    judged: (judged) => {
      showVerdict(verdict, judged)
      session.end()
    },
    failed: (message) => {
      showFailure(verdict, message)
      session.end()
    }
  })
  session.start(choices)
  // What nobody sees leaves the machine to what is seen.
  new IntersectionObserver(([entry]) => (entry!.isIntersecting ? session.resume() : session.pause())).observe(panel)
}

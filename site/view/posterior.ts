/** The posterior of a model: its corner plot, drawn by Vega once there is something to show, and a table. */
import * as Effect from "effect/Effect"
import type { Posed } from "../catalogue/menu.ts"
import type { Judged } from "../protocol.ts"

/** The plots' own colours, as this page has them in light and dark. */
const recoloured: ReadonlyArray<readonly [RegExp, string]> = [
  [/(["(])(?:#1b2733|rgb\(27, 39, 51\))/g, "$1var(--ink)"],
  [/(["(])#66727e/g, "$1var(--quiet)"],
  [/(["(])#e3e7eb/g, "$1var(--line)"],
  [/(["(])#2f6c9f/g, "$1var(--accent)"],
  [/fill="white"|fill="#fff(?:fff)?"/g, 'fill="none"']
]

const drawn = async (judged: Judged, target: Posed): Promise<string> => {
  const { pairPlot, svg } = await import("pushforward/plot")
  const text = await Effect.runPromise(svg(pairPlot({ posterior: judged.draws! }, { scalars: target.corner, labels: target.labels })))
  return recoloured.reduce((all, [from, to]) => all.replace(from, to), text)
}

const figure = (value: number): string => Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 4 }).replace("-", "−")

const tableOf = ({ summary }: Judged): HTMLTableElement => {
  const table = document.createElement("table")
  const head = table.createTHead().insertRow()
  for (const title of ["", "mean", "sd", "5%", "95%"]) head.appendChild(document.createElement("th")).textContent = title
  const body = table.createTBody()
  for (const { name, mean, sd, q05, q95 } of summary) {
    const row = body.insertRow()
    for (const text of [name, figure(mean), figure(sd), figure(q05), figure(q95)]) row.insertCell().textContent = text
  }
  return table
}

export const posteriorOf = (section: HTMLElement, corner: HTMLElement, table: HTMLElement) => {
  let latest = 0
  return {
    hide: (): void => {
      latest++
      section.hidden = true
    },
    show: async (judged: Judged, target: Posed): Promise<void> => {
      const asked = ++latest
      table.replaceChildren(tableOf(judged))
      section.hidden = false
      const svg = await drawn(judged, target).catch((error: unknown) => {
        console.error(error)
        return undefined
      })
      if (asked !== latest) return
      if (svg === undefined) corner.textContent = "The corner plot could not be drawn."
      else corner.innerHTML = svg
    }
  }
}

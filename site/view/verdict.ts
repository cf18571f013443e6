/** A verdict, in the library's words. */
import type { Judged } from "../protocol.ts"

const titles = { trust: "Trust it", reweight: "Use the weights", distrust: "Don’t trust it" } as const

const element = (tag: string, className: string, text: string): HTMLElement => {
  const made = document.createElement(tag)
  if (className !== "") made.className = className
  made.textContent = text
  return made
}

/** From k̂ = 0 to 1.2. */
const widest = 1.2

const gaugeOf = ({ khat, threshold }: Judged): HTMLElement => {
  const gauge = element("div", "gauge", "")
  gauge.style.setProperty("--threshold", `${(100 * threshold) / widest}%`)
  gauge.style.setProperty("--at", `${(100 * Math.min(widest, Math.max(0, khat))) / widest}%`)
  gauge.setAttribute("role", "img")
  gauge.setAttribute("aria-label", `k-hat is ${khat.toFixed(2)}; weights are reliable up to ${threshold.toFixed(2)}`)
  gauge.append(document.createElement("i"), element("span", "", `k̂ reliable up to ${threshold.toFixed(2)}`))
  return gauge
}

const nats = (value: number): string => value.toFixed(3).replace("-", "−")

export interface Shown {
  readonly limit?: number | undefined
}

export const showVerdict = (panel: HTMLElement, judged: Judged, { limit }: Shown = {}): void => {
  panel.dataset["kind"] = judged.kind
  const heldOut =
    judged.heldOut === undefined
      ? []
      : [
          element(
            "p",
            "",
            `On points it has not seen: ${nats(judged.heldOut.value)} ± ${nats(judged.heldOut.error)} nats a point${limit === undefined ? "" : `, of at best ${nats(limit)}`}.`
          )
        ]
  const missed =
    judged.missed === undefined
      ? []
      : [
          element(
            "p",
            "",
            `It has missed ${(100 * judged.missed).toFixed(0)}% of the target: by the weights of its draws the density integrates to ${(1 - judged.missed).toFixed(3)}, and it is known to integrate to 1. Of modes without a draw k̂ cannot tell; without that knowledge the verdict would be:`
          )
        ]
  const bits = element("p", "bits", `Step ${judged.step.toLocaleString("en")}, bits `)
  bits.append(element("code", "", judged.fingerprint))
  panel.replaceChildren(
    element("div", "kind", titles[judged.kind]),
    gaugeOf(judged),
    ...heldOut,
    ...missed,
    element("p", "", judged.text),
    bits
  )
}

export const showFailure = (panel: HTMLElement, message: string): void => {
  panel.dataset["kind"] = "failed"
  panel.replaceChildren(element("div", "kind", "The fit stopped"), element("p", "", message))
}

export const clearVerdict = (panel: HTMLElement): void => {
  delete panel.dataset["kind"]
  panel.replaceChildren()
}

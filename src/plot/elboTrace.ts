import { ArgumentError } from "../errors.ts"
import { quantile } from "../inference/quantile.ts"
import { type Extent, linspace, widened } from "./data.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis, endLabels, fixed, rule, ruled, within } from "./view.ts"

/** What is to be known of a step; `FitInfo` has it. */
export interface ElboStep {
  readonly step: number
  /** The objective's estimate, in nats; not looked at where the step was rejected. */
  readonly elbo: number
  /** Its Monte Carlo standard error. */
  readonly elboError: number
  readonly applied: boolean
}

export interface ElboOptions extends Heading {
  /** A bound to compare with, such as the log evidence. */
  readonly reference?: { readonly label: string; readonly value: number }
}

const width = 560
const height = 280
const most = 240
/** The share of the steps whose estimates the picture may leave below its edge. */
const start = 0.03

interface Smooth {
  readonly step: number
  readonly elbo: number
  readonly low: number
  readonly high: number
}

/** Local means by a Gaussian kernel, 1% of the steps wide, with what single estimates are from them: two standard errors. */
const smooth = (steps: ReadonlyArray<ElboStep>): ReadonlyArray<Smooth> => {
  const [first, last] = [steps[0]!.step, steps.at(-1)!.step]
  const bandwidth = Math.max(1e-9, 0.01 * (last - first))
  let from = 0
  return linspace([first, last], Math.min(most, steps.length)).map((at) => {
    while (steps[from]!.step < at - 4 * bandwidth) from++
    let [weight, elbo, error] = [0, 0, 0]
    for (let i = from; i < steps.length && steps[i]!.step <= at + 4 * bandwidth; i++) {
      const w = Math.exp(-0.5 * ((steps[i]!.step - at) / bandwidth) ** 2)
      weight += w
      elbo += w * steps[i]!.elbo
      error += w * steps[i]!.elboError
    }
    if (weight === 0) {
      const nearest = steps.reduce((a, b) => (Math.abs(b.step - at) < Math.abs(a.step - at) ? b : a))
      ;[weight, elbo, error] = [1, nearest.elbo, nearest.elboError]
    }
    return { step: at, elbo: elbo / weight, low: (elbo - 2 * error) / weight, high: (elbo + 2 * error) / weight }
  })
}

const checked = (history: ReadonlyArray<ElboStep>): ReadonlyArray<ElboStep> => {
  const applied = history.filter((info) => info.applied)
  if (applied.length === 0)
    throw new ArgumentError({ argument: "elboTrace", expected: "one or more applied steps", received: `none of ${history.length}` })
  for (const [i, { step, elbo, elboError, applied: taken }] of history.entries())
    for (const [name, value] of Object.entries(taken ? { step, elbo, elboError } : { step }))
      if (!Number.isFinite(value))
        throw new ArgumentError({ argument: `elboTrace[${i}].${name}`, expected: "a finite number", received: String(value) })
  return applied
}

/**
 * The evidence lower bound against the step of a fit: local means, a band of two standard errors that single estimates have, and a mark
 * below each rejected step. The first steps may begin below the picture.
 *
 * No applied step, or an applied one whose estimate is not finite, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { elboTrace } from "pushforward/plot"
 *
 * const history = [1, 2, 3, 4].map((step) => ({ step, elbo: -30 - 5 / step, elboError: 0.4, applied: step !== 3 }))
 * const specification = elboTrace(history, { title: "Eight schools", reference: { label: "log evidence", value: -30 } })
 * ```
 */
export const elboTrace = (history: ReadonlyArray<ElboStep>, { reference, ...heading }: ElboOptions = {}): Specification => {
  const applied = checked(history)
  const curve = smooth(applied)
  const settled = curve.slice(Math.floor(start * curve.length)).map(({ low }) => low)
  const lowest = Math.max(Math.min(...settled), quantile(Float64Array.from(settled).sort(), 0.5) - 12 * spreadOf(curve))
  const highest = Math.max(...curve.map(({ high }) => high), ...(reference === undefined ? [] : [reference.value]))
  const domain = widened([lowest, highest], 0.06)
  const shown = curve.map(({ step, elbo, low, high }) => ({
    step,
    elbo: within(domain, elbo),
    low: within(domain, low),
    high: within(domain, high)
  }))
  const steps: Extent = [Math.min(history[0]!.step, applied[0]!.step), history.at(-1)!.step]
  const x = axis("step", "step", steps[0] === steps[1] ? widened(steps, 0) : steps, { format: ",d" })
  const y = axis("elbo", "ELBO, nats", domain, ruled)
  const rejected = history.flatMap(({ step, applied: taken }) => (taken ? [] : [{ step }]))
  const final = curve.at(-1)!
  const labels = [
    { text: `ELBO ${fixed(final.elbo, 2)}`, at: final.elbo, color: colour.interval },
    ...(reference === undefined
      ? []
      : [{ text: `${reference.label} ${fixed(reference.value, 2)}`, at: reference.value, color: colour.ink }])
  ]
  return framed(
    {
      width,
      height,
      layer: [
        {
          data: { values: shown },
          mark: { type: "area", color: colour.shade, opacity: 0.75, clip: true },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } }
        },
        { data: { values: shown }, mark: { type: "line", color: colour.interval, strokeWidth: 2, clip: true }, encoding: { x, y } },
        ...(reference === undefined ? [] : [rule("y", y, reference.value)]),
        {
          data: { values: rejected },
          mark: { type: "tick", orient: "vertical", size: 10, thickness: 1.6, color: colour.reference, opacity: 1, yOffset: -6 },
          encoding: { x, y: { value: height } }
        },
        ...(rejected.length === 0 ? [] : [rejectedLabel(rejected[0]!.step, rejected.length, x)]),
        ...endLabels(labels, { width, height, domain })
      ]
    },
    heading,
    width + 100
  )
}

/** How far the local means of the second half are spread, or single estimates about them. */
const spreadOf = (curve: ReadonlyArray<Smooth>): number => {
  const half = curve.slice(Math.floor(curve.length / 2))
  const means = half.map(({ elbo }) => elbo)
  return Math.max(1e-9, Math.max(...means) - Math.min(...means), ...half.map(({ low, high }) => (high - low) / 2))
}

const rejectedLabel = (step: number, count: number, x: Specification): Specification => ({
  data: { values: [{ step }] },
  mark: {
    type: "text",
    text: `${count.toLocaleString("en")} rejected step${count === 1 ? "" : "s"}`,
    color: colour.reference,
    align: "left",
    baseline: "bottom",
    dy: -14
  },
  encoding: { x, y: { value: height } }
})

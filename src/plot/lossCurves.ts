import { ArgumentError } from "../errors.ts"
import { type Extent, thinned, widened } from "./data.ts"
import { framed, type Heading, type Specification } from "./specification.ts"
import { colour } from "./theme.ts"
import { axis, endLabels, fixed, rule, ruled, within } from "./view.ts"

/** What is to be known of an epoch; `Density["history"]` has it. */
export interface Epoch {
  readonly epoch: number
  /** Mean log density of the points of training, in nats. */
  readonly training: number
  /** Mean log density of the points held out, in nats. */
  readonly heldOut?: number | undefined
}

export interface LossOptions extends Heading {
  /** The entropy of what the points are drawn from, in nats: no loss can be lower on the average. */
  readonly entropy?: number
}

const width = 500
const height = 280
const most = 400
/** The share of the epochs whose losses the picture may leave above its edge. */
const start = 0.04

/**
 * The loss, which is minus the mean log density, of training and held-out points against the epoch, with the best held-out one marked and
 * the entropy as a line. The first epochs may begin above the picture.
 *
 * No epoch, or a figure that is not finite, is an `ArgumentError`.
 *
 * @example
 * ```ts
 * import { lossCurves } from "pushforward/plot"
 *
 * const history = [1, 2, 3, 4].map((epoch) => ({ epoch, training: -2 - 1 / epoch, heldOut: -2.1 - 1 / epoch }))
 * const specification = lossCurves(history, { title: "Two moons", entropy: 1.9 })
 * ```
 */
export const lossCurves = (history: ReadonlyArray<Epoch>, { entropy, ...heading }: LossOptions = {}): Specification => {
  if (history.length === 0) throw new ArgumentError({ argument: "lossCurves", expected: "one or more epochs", received: "none" })
  for (const [i, { epoch, training, heldOut }] of history.entries())
    for (const [name, value] of Object.entries({ epoch, training, heldOut: heldOut ?? 0 }))
      if (!Number.isFinite(value))
        throw new ArgumentError({ argument: `lossCurves[${i}].${name}`, expected: "a finite number", received: String(value) })
  const training = history.map((h) => ({ epoch: h.epoch, loss: -h.training }))
  const heldOut = history.flatMap((h) => (h.heldOut === undefined ? [] : [{ epoch: h.epoch, loss: -h.heldOut }]))
  const lines = [
    { name: "training", values: training, color: colour.faint, thickness: 1.6 },
    ...(heldOut.length === 0 ? [] : [{ name: "held out", values: heldOut, color: colour.interval, thickness: 2.2 }])
  ]
  const settled = lines.flatMap(({ values }) => values.slice(Math.floor(start * values.length)).map(({ loss }) => loss))
  const limit = entropy === undefined ? [] : [entropy]
  const least = Math.min(...lines.flatMap(({ values }) => values.map(({ loss }) => loss)), ...limit)
  const domain = widened([least, Math.max(...settled, ...limit)], 0.06)
  const epochs: Extent = [history[0]!.epoch, history.at(-1)!.epoch]
  const x = axis("epoch", "epoch", epochs[0] === epochs[1] ? widened(epochs, 0) : epochs, { format: ",.6~f", tickMinStep: 1 })
  const y = axis("loss", "loss, nats", domain, ruled)
  const best = heldOut.reduce<(typeof heldOut)[number] | undefined>((a, b) => (a === undefined || b.loss < a.loss ? b : a), undefined)
  const labels = [
    ...lines.map(({ name, values, color }) => ({
      text: `${name} ${fixed(values.at(-1)!.loss, 3)}`,
      at: Math.min(values.at(-1)!.loss, domain[1]),
      color: color === colour.faint ? colour.quiet : color
    })),
    ...limit.map((at) => ({ text: `entropy ${fixed(at, 3)}`, at, color: colour.ink }))
  ]
  return framed(
    {
      width,
      height,
      layer: [
        ...limit.map((at) => rule("y", y, at)),
        ...lines.map(({ values, color, thickness }) => ({
          data: { values: thinned(values.length, most).map((i) => ({ epoch: values[i]!.epoch, loss: within(domain, values[i]!.loss) })) },
          mark: { type: "line", color, strokeWidth: thickness, clip: true },
          encoding: { x, y }
        })),
        ...(best === undefined || best === heldOut.at(-1)
          ? []
          : [
              {
                data: { values: [best] },
                mark: { type: "point", size: 55, filled: true, color: "white", stroke: colour.interval, strokeWidth: 2, opacity: 1 },
                encoding: { x, y }
              },
              {
                data: { values: [best] },
                mark: { type: "text", text: `best ${fixed(best.loss, 3)}`, dy: 15, color: colour.interval },
                encoding: { x, y }
              }
            ]),
        ...endLabels(labels, { width, height, domain })
      ]
    },
    heading,
    width + 120
  )
}

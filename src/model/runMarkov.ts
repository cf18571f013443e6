/**
 * A chain in a run. One step is written; it runs
 *  1. once under the hidden axis of time from the first carry, to find what its sites are and what is given to them;
 *  2. in a scan, which gives the carries and the draws of all steps;
 *  3. once under the axis of time with the carries known, which takes the log densities of all steps together.
 */
import * as tf from "@tensorflow/tfjs-core"
import { scan } from "../math/index.ts"
import { newAxis } from "../trace/axes.ts"
import { checkCarry, firstCarry } from "./carry.ts"
import { axisFrame, enterAll, type Frame, type Frames, leaveAll, sizes } from "./frames.ts"
import type { MarkovRequest } from "./request.ts"
import { runInner, type Running, type Totals, type Visited } from "./run.ts"
import { rowThrough, table } from "./rows.ts"
import { leaveTotals } from "./runPlate.ts"
import { flatten, mapTensors } from "./value.ts"

type Tensors = Record<string, tf.Tensor>

const prefixed = (prefix: string, tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor]))
const mapValues = (tensors: Tensors, f: (tensor: tf.Tensor) => tf.Tensor): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, f(tensor)]))
const quiet = (): Totals => ({ logJoint: [], logDet: [] })

export const runMarkov = (request: MarkovRequest, frames: Frames, running: Running, totals: Totals): unknown => {
  const { name, step } = request
  const rows = table(request.data)
  const first = firstCarry(request.init)
  const carryOf = (leaf: (path: string) => tf.Tensor): unknown => mapTensors(first, (start, path) => tf.cast(leaf(path), start.dtype))
  const time = axisFrame(newAxis(name, rows.size))
  const follow = (carry: unknown, row: unknown, frame: Frame, how: Partial<Running>, into: Totals) =>
    runInner(step(carry as never, row as never), [...frames, frame], { ...running, ...how }, into)
  /** The draws of a step, seen from it: without the plates inside. */
  const drawsOf = (sites: ReadonlyMap<string, Visited>): ReadonlyArray<Visited> => [...sites.values()].filter(({ drawn }) => drawn)
  const inner = ({ frames: all }: Visited): Frames => all.slice(frames.length + 1)

  const given: Array<tf.Tensor> = []
  const found = new Map<string, Visited>()
  time.within(() => {
    const row = rowThrough(rows, (column) => time.enter(() => column))
    const enter = (value: () => tf.Tensor) => time.enter(() => (given.push(value()), given.at(-1)!))
    const finding = { ...time, enter, reenter: enter }
    const after = follow(first, row, finding, { sites: found, dense: false }, quiet())
    checkCarry(flatten(first), flatten(after))
  })

  // a scan carries floats
  const float = (tensors: Tensors): Tensors => mapValues(tensors, (tensor) => tf.cast(tensor, "float32"))
  const blank = Object.fromEntries(drawsOf(found).map((site) => [site.name, tf.zeros([...sizes(inner(site)), ...site.value!.shape])]))
  const steps = scan(
    (carried: Tensors, x: Tensors) => {
      const sites = new Map<string, Visited>()
      let next = 0
      const enter = () => x[`given ${next++}`]!
      const frame: Frame = { ...time, enter, reenter: enter }
      const row = rowThrough(rows, (_, key) => x[`row ${key}`]!)
      const after = follow(
        carryOf((path) => carried[`carry ${path}`]!),
        row,
        frame,
        { sites, dense: false },
        quiet()
      )
      const draws = Object.fromEntries(drawsOf(sites).map((site) => [site.name, leaveAll(site.value!, inner(site))]))
      return float({ ...prefixed("carry ", flatten(after)), ...prefixed("draw ", draws) })
    },
    float({ ...prefixed("carry ", flatten(first)), ...prefixed("draw ", blank) }),
    { ...prefixed("row ", rows.columns), ...prefixed("given ", Object.fromEntries(given.entries())) },
    { name }
  )
  const carries = carryOf((path) => steps[`carry ${path}`]!)

  const before = carryOf((path) => {
    const head = tf.expandDims(tf.cast(flatten(first)[path]!, "float32"), 0)
    return rows.size === 1 ? head : tf.concat([head, tf.slice(steps[`carry ${path}`]!, 0, rows.size - 1)])
  })
  const stepTotals = quiet()
  const recalled = new Map(running.recalled)
  for (const site of drawsOf(found)) {
    recalled.set(site.name, (all) => enterAll(() => tf.cast(steps[`draw ${site.name}`]!, site.value!.dtype), all.slice(frames.length)))
  }
  time.within(() => {
    const row = rowThrough(rows, (column) => time.enter(() => column))
    const carry = mapTensors(before, (tensor) => time.enter(() => tensor))
    follow(carry, row, time, { recalled }, stepTotals)
  })
  leaveTotals(time, stepTotals, totals)
  return carries
}

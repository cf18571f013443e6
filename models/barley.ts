/**
 * Barley yields of ten varieties at six sites of Minnesota in 1931 and 1932, in bushels per acre (Immer, Hayes and Powers 1934), as the npm
 * package `vega-datasets` ships them. Partially pooled: sites differ in level and in their change from one year to the next, varieties in
 * their advantage. Cleveland (1993, Visualizing Data) saw in these data that Morris alone rose in 1932, and took it for an exchange of the two years.
 */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import * as tf from "@tensorflow/tfjs-core"
import { model, observe, plate, sample } from "pushforward"
import { HalfNormal, Normal } from "pushforward/distributions"

interface Trial {
  readonly yield: number
  readonly variety: string
  readonly year: number
  readonly site: string
}

const path = createRequire(import.meta.url).resolve("vega-datasets")
const trials = JSON.parse(readFileSync(new URL("../data/barley.json", `file://${path}`), "utf8")) as ReadonlyArray<Trial>

const levels = (key: "site" | "variety"): ReadonlyArray<string> => [...new Set(trials.map((trial) => trial[key]))].sort()

export const sites = levels("site")
export const varieties = levels("variety")

export interface Barley {
  /** Per plot: its yield, the indices of its site and variety, and its year counted from the middle, -0.5 or 0.5. */
  readonly plots: {
    readonly yield: ReadonlyArray<number>
    readonly site: Int32Array
    readonly variety: Int32Array
    readonly year: ReadonlyArray<number>
  }
  readonly sites: number
  readonly varieties: number
}

export const barley: Barley = {
  plots: {
    yield: trials.map((trial) => trial.yield),
    site: Int32Array.from(trials, ({ site }) => sites.indexOf(site)),
    variety: Int32Array.from(trials, ({ variety }) => varieties.indexOf(variety)),
    year: trials.map(({ year }) => year - 1931.5)
  },
  sites: sites.length,
  varieties: varieties.length
}

export const barleyYields = model(function* ({ plots, sites, varieties }: Barley) {
  const mean = yield* sample("mean", Normal(35, 15))
  const meanChange = yield* sample("meanChange", Normal(0, 10))
  const levelScale = yield* sample("levelScale", HalfNormal(15))
  const changeScale = yield* sample("changeScale", HalfNormal(10))
  const varietyScale = yield* sample("varietyScale", HalfNormal(5))
  const noise = yield* sample("noise", HalfNormal(10))

  const { level, change } = yield* plate("site", sites, function* () {
    const level = yield* sample("level", Normal(mean, levelScale))
    const change = yield* sample("change", Normal(meanChange, changeScale))
    return { level, change }
  })
  const advantage = yield* plate("variety", varieties, function* () {
    return yield* sample("advantage", Normal(0, varietyScale))
  })
  yield* plate("plot", plots, function* (plot) {
    const trend = tf.mul(tf.gather(change, plot.site), plot.year)
    const expected = tf.addN([tf.gather(level, plot.site), trend, tf.gather(advantage, plot.variety)])
    yield* observe("yield", Normal(expected, noise), plot.yield)
  })
})

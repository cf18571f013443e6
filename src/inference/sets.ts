/** Data sets of different sizes: while training, the plate of a set has some rows, of which a drawn number counts. */
import * as tf from "@tensorflow/tfjs-core"
import { nonnegativeInteger } from "../constraint/index.ts"
import type { Distribution } from "../distribution/distribution.ts"
import { ArgumentError, SiteError } from "../errors.ts"
import { handle } from "../model/handle.ts"
import { fromSites } from "../model/model.ts"
import { plateSite } from "../model/plate.ts"
import { counted, type LeafRequest, type PlateRequest } from "../model/request.ts"
import { rowThrough, table } from "../model/rows.ts"
import type { AnySite, Program, Site } from "../model/site.ts"
import { leafSite } from "../model/sites.ts"
import { exp, log } from "../special/index.ts"
import { constant } from "../trace/tensor.ts"
import { countSite } from "./features.ts"
import { outermost } from "../model/rewritten.ts"
import { targetOf } from "./target.ts"

/** Numbers of rows: whole ones from `from` on and below `to`. */
export interface Sizes {
  readonly from: number
  readonly to: number
}

/** The most rows of a size class are about so many times its fewest. */
const ratio = Math.sqrt(10)

/** Classes of sizes from `fewest` to `most`, equal in the logarithm: data sets of one class are computed with rows for its largest. */
export const sizeClasses = (fewest: number, most: number): ReadonlyArray<Sizes> => {
  const span = log((most + 1) / fewest)
  const count = Math.max(1, Math.round(span / log(ratio)))
  const edges = Array.from({ length: count + 1 }, (_, i) => (i === count ? most + 1 : fewest * exp((span * i) / count)))
  return edges.slice(1).map((to, i) => ({ from: edges[i]!, to }))
}

/** The most rows of a class. */
export const largestOf = ({ to }: Sizes): number => Math.ceil(to) - 1

/** ⌊x⌋ for an x that is log-uniform on [from, to). */
const logUniformSize = (sizes: Sizes): Distribution<"integer"> => ({
  name: "size",
  kind: "integer",
  support: nonnegativeInteger,
  eventShape: [],
  logProb: () => constant(0),
  sample: (noise) => {
    const x = tf.exp(tf.add(constant(log(sizes.from)), tf.mul(noise.uniform([]), constant(log(sizes.to / sizes.from)))))
    return tf.cast(tf.clipByValue(tf.floor(x), Math.floor(sizes.from), largestOf(sizes)), "int32")
  }
})

const index = "#index"

const firstOf = (column: tf.Tensor, size: number): tf.Tensor =>
  tf.slice(
    column,
    column.shape.map(() => 0),
    [size, ...column.shape.slice(1)]
  )

/** The plate with its first `size` rows, of which the first `count` count. */
const resized = (request: PlateRequest, size: number, count: tf.Tensor, inputs: ReadonlyArray<string>): PlateRequest => {
  const { name } = request
  const rows = table(request.data)
  const masked = (leaf: LeafRequest, where: tf.Tensor): LeafRequest => {
    if (leaf.kind === "sample" && leaf.given === undefined && !leaf.hidden && !inputs.includes(leaf.name))
      throw new Error(`it is a latent in the plate "${name}", whose rows are a set, in no order. Sum it out, or leave \`set\` away.`)
    return "masks" in leaf ? { ...leaf, masks: [...leaf.masks, where] } : leaf
  }
  function* body(row: Readonly<Record<string, tf.Tensor>>): Generator<AnySite, void, unknown> {
    const where = tf.less(row[index]!, count)
    const inner = request.body(rowThrough(rows, (_, key) => row[key]!) as never)
    const result: unknown = yield* outermost(handle(inner, { leaf: (leaf) => masked(leaf, where) }), (site) => site)
    if (result !== undefined)
      throw new SiteError({ site: name, reason: "its rows return something, but how many there are differs by data set. Return nothing." })
  }
  const columns = Object.entries(rows.columns).map(([key, column]) => [key, firstOf(column, size)] as const)
  return { ...request, subsample: undefined, data: { ...Object.fromEntries(columns), [index]: tf.range(0, size, 1, "int32") }, body }
}

/** The model for data sets of a class of sizes. How many rows count is a site of its own, which has no density. */
export const ofSizes = (self: Program<unknown>, plate: string, sizes: Sizes, inputs: ReadonlyArray<string>): Program<unknown> => {
  function* sized(): Generator<AnySite, unknown, unknown> {
    const request = {
      ...counted,
      kind: "sample",
      name: countSite(plate),
      distribution: logUniformSize(sizes),
      given: undefined,
      hidden: true
    } as const
    const count = (yield leafSite(request)) as tf.Tensor
    return yield* outermost(self, (site) =>
      site.request.kind === "plate" && site.request.name === plate
        ? plateSite(resized(site.request, largestOf(sizes), count, inputs))
        : site
    )
  }
  return fromSites(sized as () => Generator<Site<unknown, unknown>, unknown, unknown>)
}

/** How many rows a plate of the model has. */
export const rowsIn = (self: Program<unknown>, plate: string, data: ReadonlyArray<string>): number => {
  const sizes = new Map<string, number>()
  const told = outermost(self, (site) => {
    if (site.request.kind === "plate") sizes.set(site.request.name, table(site.request.data).size)
    return site
  })
  targetOf(told, data)
  const size = sizes.get(plate)
  if (size !== undefined) return size
  throw new ArgumentError({
    argument: "fitAmortised.set.plate",
    expected: `an outermost plate: ${[...sizes.keys()].map((name) => `"${name}"`).join(", ") || "there is none"}`,
    received: `"${plate}"`
  })
}

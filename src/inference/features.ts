/** Features: what an encoder is told of a data set, as a vector and the rows of a set. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import type { Features } from "../guide/guide.ts"
import { meanOfFirst } from "../learnable/meanOfFirst.ts"
import { handle } from "../model/handle.ts"
import type { Model } from "../model/model.ts"
import { table } from "../model/rows.ts"
import type { Run } from "../model/run.ts"
import { outside } from "../model/run.ts"
import type { Program } from "../model/site.ts"
import { constant } from "../trace/tensor.ts"
import { outermost } from "../model/rewritten.ts"

export interface DataNames {
  /** Observed sites, whose values are simulated while training. */
  readonly observed: ReadonlyArray<string>
  /** What is given besides: columns of the data of plates and chains, or sample sites that are drawn while training. */
  readonly inputs: ReadonlyArray<string>
  /** The plate whose rows are a set. */
  readonly set?: string | undefined
}

/** Columns of the data of the model's outermost plates and chains, by name, as they pass. */
export type Columns = Map<string, { readonly plate: string; readonly column: tf.Tensor }>

/** The model, telling `columns` of its data as it runs. */
export const watching = <A>(self: Program<A>, columns: Columns): Program<A> =>
  outermost(self, (site) => {
    const { request } = site
    if (request.kind === "plate" || request.kind === "markov") {
      for (const [name, column] of Object.entries(table(request.data).columns)) columns.set(name, { plate: request.name, column })
    }
    return site
  })

/** The model without the values of the sites named: they are drawn. */
export const withheld = <A, R>(self: Program<A>, names: ReadonlyArray<string>): Model<A, R> =>
  handle(self, {
    leaf: (request) => (request.kind === "observe" && names.includes(request.name) ? { ...request, given: undefined } : request)
  })

/** The site of the number of rows of a set that count. */
export const countSite = (plate: string): string => `#${plate}`

interface Piece {
  readonly plate: string | undefined
  readonly value: tf.Tensor
}

const pieceOf = (name: string, isObserved: boolean, { sites }: Run<unknown>, columns: Columns): Piece => {
  const visited = sites.get(name)
  const value = visited && outside(visited)
  if (value !== undefined) return { plate: visited!.frames[0]?.name, value }
  const given = isObserved ? undefined : columns.get(name)
  if (given !== undefined) return { plate: given.plate, value: given.column }
  const known = isObserved
    ? [...sites.values()].filter((s) => s.kind === "observe").map((s) => s.name)
    : [...sites.keys(), ...columns.keys()]
  throw new ArgumentError({
    argument: `fitAmortised.${isObserved ? "observed" : "inputs"}`,
    expected: `names among ${
      known
        .filter((k) => !k.startsWith("#"))
        .map((k) => `"${k}"`)
        .join(", ") || "none"
    }`,
    received: `"${name}"`
  })
}

const flat = (t: tf.Tensor): tf.Tensor => tf.cast(tf.reshape(t, [t.size]), "float32")

const byRow = (t: tf.Tensor): tf.Tensor => tf.cast(tf.reshape(t, [t.shape[0]!, t.size / t.shape[0]!]), "float32")

/** Each part of the features changed. */
export const mapFeatures = ({ vector, rows, count }: Features, f: (part: tf.Tensor, name: keyof Features) => tf.Tensor): Features => ({
  ...(vector && { vector: f(vector, "vector") }),
  ...(rows && { rows: f(rows, "rows") }),
  ...(count && { count: f(count, "count") })
})

/**
 * The numbers by which a data set is held familiar: those of the vector, and mean and standard deviation of the rows of the set, which know no
 * order.
 */
export const digestOf = ({ vector, rows, count }: Features): tf.Tensor => {
  const parts = vector === undefined ? [] : [vector]
  if (rows === undefined) return tf.concat(parts)
  const mean = meanOfFirst(rows, count!)
  return tf.concat([...parts, mean, tf.sqrt(meanOfFirst(tf.squaredDifference(rows, mean), count!))])
}

/** The features of a run, in the order in which they are named. */
export const featuresOf = (run: Run<unknown>, columns: Columns, { observed, inputs, set }: DataNames): Features => {
  if (observed.length === 0) {
    throw new ArgumentError({ argument: "fitAmortised.observed", expected: "at least one observed site", received: "none" })
  }
  const pieces = [...observed, ...inputs].map((name, i) => pieceOf(name, i < observed.length, run, columns))
  const rows = pieces.filter(({ plate }) => set !== undefined && plate === set).map(({ value }) => byRow(value))
  const others = pieces.filter(({ plate }) => set === undefined || plate !== set).map(({ value }) => flat(value))
  if (set !== undefined && rows.length === 0) {
    const plates = [...new Set(pieces.flatMap(({ plate }) => (plate === undefined ? [] : [`"${plate}"`])))]
    throw new ArgumentError({
      argument: "fitAmortised.set.plate",
      expected: `a plate of what is observed: ${plates.join(", ") || "there is none"}`,
      received: `"${set}"`
    })
  }
  return {
    ...(others.length > 0 && { vector: tf.concat(others) }),
    ...(rows.length > 0 && {
      rows: tf.concat(rows, 1),
      count: run.sites.get(countSite(set!))?.value ?? constant(rows[0]!.shape[0]!)
    })
  }
}

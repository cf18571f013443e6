/** Features: what an encoder is told of a data set, as one vector. */
import * as tf from "@tensorflow/tfjs-core"
import { ArgumentError } from "../errors.ts"
import { handle } from "../model/handle.ts"
import { fromSites, type Model } from "../model/model.ts"
import { table } from "../model/rows.ts"
import type { Run } from "../model/run.ts"
import { outside } from "../model/run.ts"
import type { AnySite, Program } from "../model/site.ts"

export interface DataNames {
  /** Observed sites, whose values are simulated while training. */
  readonly observed: ReadonlyArray<string>
  /** What is given besides: columns of the data of plates and chains, or sample sites that are drawn while training. */
  readonly inputs: ReadonlyArray<string>
}

/** Columns of the data of the model's outermost plates and chains, by name, as they pass. */
export type Columns = Map<string, tf.Tensor>

function* watched<A>(self: Program<A>, columns: Columns): Generator<AnySite, A, unknown> {
  const iterator = self[Symbol.iterator]()
  let step = iterator.next()
  while (step.done !== true) {
    const { request } = step.value
    if (request.kind === "plate" || request.kind === "markov") {
      for (const [name, column] of Object.entries(table(request.data).columns)) columns.set(name, column)
    }
    let answer: unknown
    try {
      answer = yield step.value
    } catch (error) {
      if (iterator.throw === undefined) throw error
      step = iterator.throw(error)
      continue
    }
    step = iterator.next(answer)
  }
  return step.value
}

/** The model, telling `columns` of its data as it runs. */
export const watching = <A>(self: Program<A>, columns: Columns): Program<A> =>
  fromSites(() => watched(self, columns) as Generator<never, A, unknown>)

/** The model without the values of the sites named: they are drawn. */
export const withheld = <A, R>(self: Program<A>, names: ReadonlyArray<string>): Model<A, R> =>
  handle(self, {
    leaf: (request) => (request.kind === "observe" && names.includes(request.name) ? { ...request, given: undefined } : request)
  })

const flat = (t: tf.Tensor): tf.Tensor => tf.cast(tf.reshape(t, [t.size]), "float32")

/** The features of a run, in the order in which they are named. */
export const featuresOf = ({ sites }: Run<unknown>, columns: Columns, { observed, inputs }: DataNames): tf.Tensor => {
  const pieces = [...observed, ...inputs].map((name, i) => {
    const visited = sites.get(name)
    const value = (visited && outside(visited)) ?? (i < observed.length ? undefined : columns.get(name))
    if (value === undefined) {
      const known =
        i < observed.length
          ? [...sites.values()].filter((s) => s.kind === "observe").map((s) => s.name)
          : [...sites.keys(), ...columns.keys()]
      throw new ArgumentError({
        argument: i < observed.length ? "fitAmortised.observed" : "fitAmortised.inputs",
        expected: `names among ${known.map((k) => `"${k}"`).join(", ") || "none"}`,
        received: `"${name}"`
      })
    }
    return flat(value)
  })
  if (observed.length === 0) {
    throw new ArgumentError({ argument: "fitAmortised.observed", expected: "at least one observed site", received: "none" })
  }
  return tf.concat(pieces)
}

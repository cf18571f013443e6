/** A family with the parameters that a fit has reached, asked block by block. */
import * as Effect from "effect/Effect"
import type { Distribution } from "../../distribution/distribution.ts"
import { sampleWithLogProb } from "../../distribution/distribution.ts"
import type { Engine } from "../../engine/engine.ts"
import { ArgumentError, ShapeError } from "../../errors.ts"
import type { NDArray } from "../../graph/types.ts"
import type { Estimate } from "../../inference/importance.ts"
import { wholeNumber } from "../../inference/wholeNumber.ts"
import type { Params } from "../../learnable/learnable.ts"
import { flatten } from "../../learnable/tree.ts"
import { attemptTrace, toTensors } from "../../model/compute.ts"
import { fold, keyOf } from "../../random/key.ts"
import { noiseStream } from "../../trace/noiseStream.ts"
import type { Numeric } from "../../trace/tensor.ts"
import { asTensor, shapeOf } from "../../trace/tensor.ts"
import type { Asked, ContextOptions, Density, Epoch } from "./density.ts"
import type { Built, Family } from "./family.ts"
import { pushforward } from "./family.ts"
import type { Contexts, Points, Table } from "./points.ts"
import { tableOfWidth, vectorOf } from "./points.ts"
import type { Body, Tables } from "./rowwise.ts"
import { rowwise } from "./rowwise.ts"

export interface FittedDensity {
  readonly family: Family
  readonly engine: Engine
  readonly params: Params
  readonly history: ReadonlyArray<Epoch>
  readonly heldOut?: Estimate | undefined
}

/** The contexts of `rows` rows. */
const contextFor = (family: Family, argument: string, rows: number, given: Contexts | undefined): Table | undefined => {
  const expected = `vectors of length ${family.context}`
  if (family.context === 0) {
    if (given === undefined) return undefined
    throw new ArgumentError({ argument, expected: "none: the density has no context", received: "one" })
  }
  if (given === undefined) {
    throw new ArgumentError({
      argument,
      expected,
      received: "none",
      remedy: "Say what to condition on: `condition(context)`, or `{ context }`."
    })
  }
  const table = shapeOf(given).length === 1 ? vectorOf(argument, given) : tableOfWidth(argument, given as Points, family.context)
  if (table.width !== family.context) throw new ShapeError({ where: argument, expected, received: `[${table.width}]` })
  if (table.rows === 1 || table.rows === rows) return table
  throw new ShapeError({ where: argument, expected: `a row for each of the ${rows} points`, received: `${table.rows} rows` })
}

/** log p of a row's point, given its context. */
export const logDensityOf =
  (family: Family): Body =>
  (params, { point, context }) => [pushforward(family.build(params, context)).logProb(point!)]

/** What `body` makes of each row, at the parameters that were reached. */
const computed = (
  { family, engine, params }: FittedDensity,
  rows: number,
  tables: Tables,
  seed: number,
  body: (built: Built, row: Parameters<Body>[1]) => ReturnType<Body>
): Asked<ReadonlyArray<NDArray>> =>
  Effect.scoped(
    Effect.gen(function* () {
      const key = yield* attemptTrace(() => fold(keyOf(seed), "density"))
      const compiled = yield* rowwise(engine, params, rows, tables, (tensors, row) => body(family.build(tensors, row["context"]), row))
      return yield* compiled.run(flatten(params), tables, key)
    })
  )

/** A distribution that is built where it is used: inside whatever is being traced. */
const distributionOf = ({ family, params }: FittedDensity, context: Numeric | undefined): Distribution<"real"> => {
  if ((context === undefined) !== (family.context === 0)) {
    throw new ArgumentError({
      argument: "density.distribution.context",
      expected: family.context === 0 ? "none: the density has no context" : `a vector of length ${family.context}`,
      received: context === undefined ? "none" : "one"
    })
  }
  const made = (): Distribution<"real"> =>
    pushforward(family.build(toTensors(params), context === undefined ? undefined : asTensor(context)))
  return {
    name: family.name,
    kind: "real",
    support: family.support,
    eventShape: [family.width],
    logProb: (value) => made().logProb(value),
    sample: (noise) => made().sample(noise),
    sampleWithLogProb: (noise) => sampleWithLogProb(made(), noise)
  }
}

/** `bound` is the context of a density that is given one. */
export const densityOf = (fitted: FittedDensity, bound?: Contexts): Density => {
  const { family, params, history, heldOut } = fitted
  const contextOf = (method: string, rows: number, given: Contexts | undefined): Table | undefined => {
    const argument = `density.${method}.context`
    if (bound === undefined || given === undefined) return contextFor(family, argument, rows, given ?? bound)
    throw new ArgumentError({ argument, expected: "none: the density is conditioned on one already", received: "one" })
  }
  const ofPoints = (method: string, points: Points, { context }: ContextOptions): Asked<Tables & { readonly point: Table }> =>
    attemptTrace(() => {
      const point = tableOfWidth(`density.${method}.points`, points, family.width)
      return { point, context: contextOf(method, point.rows, context) }
    })
  const ofDraws = (method: string, count: number, { context }: ContextOptions): Asked<Tables> =>
    attemptTrace(() => ({ context: contextOf(method, wholeNumber(`density.${method}.count`, count), context) }))
  const layers: Density["layers"] = (count, options = {}) =>
    Effect.gen(function* () {
      const tables = yield* ofDraws("layers", count, options)
      const names: Array<string> = []
      const draws = yield* computed(fitted, count, tables, options.seed ?? 0, ({ base, flow }) => {
        const parts = flow.parts ?? [flow]
        names.push(base.name, ...parts.map(({ name }) => name))
        return parts.reduce((values, part) => [...values, part.forward(values.at(-1)!).value], [base.sample(noiseStream("base"))])
      })
      return draws.map((array, i) => ({ name: names[i]!, draws: array }))
    })
  return {
    logDensity: (points, options = {}) =>
      Effect.gen(function* () {
        const tables = yield* ofPoints("logDensity", points, options)
        const [values] = yield* computed(fitted, tables.point.rows, tables, 0, (built, row) => [pushforward(built).logProb(row["point"]!)])
        return values!.data as Float64Array
      }),
    draws: (count, options = {}) =>
      Effect.gen(function* () {
        const tables = yield* ofDraws("draws", count, options)
        const [values] = yield* computed(fitted, count, tables, options.seed ?? 0, ({ base, flow }) => [
          flow.forward(base.sample(noiseStream("base"))).value
        ])
        return values!
      }),
    latent: (points, options = {}) =>
      Effect.gen(function* () {
        const tables = yield* ofPoints("latent", points, options)
        const [values] = yield* computed(fitted, tables.point.rows, tables, 0, ({ flow }, row) => [flow.inverse(row["point"]!).value])
        return values!
      }),
    layers,
    condition: (context) => densityOf(fitted, context),
    distribution: (context) => distributionOf(fitted, context ?? bound),
    history,
    ...(heldOut === undefined ? {} : { heldOut }),
    params
  }
}

/** The sites that a model is written with. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as tf from "@tensorflow/tfjs-core"
import type { Distribution, Kind } from "../distribution/distribution.ts"
import type { Learnable } from "../learnable/learnable.ts"
import type { Numeric } from "../trace/tensor.ts"
import { attempt } from "./evaluate.ts"
import { Interpreter, PlateRows, type PlateRow } from "./interpreter.ts"
import { counted, type Given, type LeafRequest } from "./request.ts"
import { type Site, siteOf } from "./site.ts"
import type { Deterministic, Factor, Observe, Param, Sample } from "./types.ts"
import { pick, toTensor } from "./value.ts"

const rowOf = ({ value, depth }: Given, rows: ReadonlyArray<PlateRow>): Given => ({
  value: rows.slice(rows.length - depth).reduce((tensor, { index }) => pick(tensor, index), toTensor(value)),
  depth: 0
})

/** As an Effect, a site is answered by the interpreter, which is told the value given to it and the rows where it stands. */
const leaf = siteOf<LeafRequest>("Site", (request, fiber) => {
  const context = fiber.context as Context.Context<Interpreter>
  const rows = Context.get(context, PlateRows)
  const here =
    "given" in request && request.given !== undefined
      ? attempt(request.name, () => ({ ...request, given: rowOf(request.given!, rows) }) as LeafRequest)
      : Effect.succeed(request)
  return Effect.flatMap(here, (asked) => Context.get(context, Interpreter).answer(asked, rows))
})

/** The site that asks for a request; for handlers. */
export const leafSite: (request: LeafRequest) => Site<unknown, unknown> = leaf

/**
 * A latent variable: a draw of `distribution`. Its value has the event's shape, and its log density is a scalar.
 *
 * @example
 * ```ts
 * import { model, sample } from "pushforward"
 * import { Beta } from "pushforward/distributions"
 *
 * const coin = model(function* () {
 *   return yield* sample("bias", Beta(2, 2))
 * })
 * ```
 */
export const sample = <const Name extends string, K extends Kind>(
  name: Name,
  distribution: Distribution<K>
): Site<tf.Tensor, Sample<Name, K>> => leaf({ ...counted, kind: "sample", name, distribution, given: undefined })

/**
 * A variable whose value is known: data. Its value must have the event's shape and lie in the support. Where the value is absent, it is
 * drawn.
 */
export const observe = <const Name extends string, K extends Kind>(
  name: Name,
  distribution: Distribution<K>,
  value?: Numeric | undefined
): Site<tf.Tensor, Observe<Name, K>> =>
  leaf({ ...counted, kind: "observe", name, distribution, given: value === undefined ? undefined : { value, depth: 0 } })

/** Adds `logDensity`, a scalar, to the log joint density. Draws from the prior do not see it. */
export const factor = <const Name extends string>(name: Name, logDensity: Numeric): Site<void, Factor<Name>> =>
  leaf({ ...counted, kind: "factor", name, logDensity })

/** Names a value that is computed from others, so that it stands beside them in draws. */
export const deterministic = <const Name extends string>(name: Name, value: Numeric): Site<tf.Tensor, Deterministic<Name>> =>
  leaf({ kind: "deterministic", name, given: { value, depth: 0 }, distribution: undefined })

/** Something trainable: answers with what the learnable builds from its parameters, which are trained with the guide. */
export const param = <const Name extends string, A>(name: Name, learnable: Learnable<A>): Site<A, Param<Name>> =>
  leaf({ kind: "param", name, learnable })

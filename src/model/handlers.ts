/** The handlers. Each takes a model (or a single site) first, and gives a model back. */
import { SiteError } from "../errors.ts"
import type { Numeric } from "../trace/tensor.ts"
import { handle, type Handler } from "./handle.ts"
import type { Model } from "./model.ts"
import type { DrawRequest, Given, LeafRequest } from "./request.ts"
import type { Program } from "./site.ts"
import type { Conditioned, Hidden, Intervened, LatentNames, ObservedNames, FactorNames, Prefixed } from "./types.ts"

type Named = Readonly<Record<string, Numeric | undefined>>

const isDraw = (request: LeafRequest): request is DrawRequest => request.kind === "sample" || request.kind === "observe"

const checkNames = (wanted: Iterable<string>, names: ReadonlySet<string>): void => {
  for (const name of wanted) {
    if (!names.has(name)) throw new SiteError({ site: name, reason: `the model has no such site. It has ${[...names].join(", ")}.` })
  }
}

/** Gives values, seen from where the handler stands, to the draws that are named. */
const giving = (values: Named, give: (request: DrawRequest, given: Given) => LeafRequest): Handler => ({
  leaf: (request, depth) => {
    const value = values[request.name]
    return isDraw(request) && value !== undefined ? give(request, { value, depth }) : request
  },
  done: (names) => checkNames(Object.keys(values), names)
})

/**
 * The model with some latents known: they count as data. Values are seen from outside, as in draws: a site in a plate gets all of its rows.
 *
 * @example
 * ```ts
 * import { condition, model, sample } from "pushforward"
 * import { Normal } from "pushforward/distributions"
 *
 * const pair = model(function* () {
 *   const mu = yield* sample("mu", Normal(0, 5))
 *   return yield* sample("x", Normal(mu, 1))
 * })
 * const known = condition(pair(), { mu: 4 })
 * ```
 */
export const condition = <A, R, const Name extends LatentNames<R>>(
  self: Program<A, R>,
  values: { readonly [N in Name]: Numeric }
): Model<A, Conditioned<R, Name>> =>
  handle(
    self,
    giving(values, (request, given) => ({ ...request, kind: "observe", given: request.given ?? given }))
  )

/**
 * Pearl's do-operator: the sites are set to the values whatever their causes, and their own densities no longer count.
 *
 * @see Pearl 2009, "Causality", section 3.2.
 */
export const intervene = <A, R, const Name extends LatentNames<R> | ObservedNames<R>>(
  self: Program<A, R>,
  values: { readonly [N in Name]: Numeric }
): Model<A, Intervened<R, Name>> =>
  handle(
    self,
    giving(values, ({ name, distribution }, given) => ({ kind: "deterministic", name, given, distribution }))
  )

/** The model with the values of some latents fixed. They stay latents: their densities count, as prior. */
export const substitute = <A, R, const Name extends LatentNames<R>>(
  self: Program<A, R>,
  values: { readonly [N in Name]: Numeric }
): Model<A, R> =>
  handle(
    self,
    giving(values, (request, given) => (request.given === undefined ? { ...request, given } : request))
  )

/** The model with its latents as in another run, of this model or of a guide; names that it does not have are left aside. */
export const replay = <A, R>(self: Program<A, R>, values: Named): Model<A, R> =>
  handle(self, {
    leaf: (request, depth) => {
      const value = values[request.name]
      return request.kind === "sample" && request.given === undefined && value !== undefined
        ? { ...request, given: { value, depth } }
        : request
    }
  })

/** Hides sites: they are drawn where the model needs them, but are no part of its latents, its density or its draws. */
export const block = <A, R, const Name extends LatentNames<R> | ObservedNames<R> | FactorNames<R>>(
  self: Program<A, R>,
  ...names: ReadonlyArray<Name>
): Model<A, Hidden<R, Name>> =>
  handle(self, {
    leaf: (request) =>
      "hidden" in request && (names as ReadonlyArray<string>).includes(request.name) ? { ...request, hidden: true } : request,
    done: (all) => checkNames(names, all)
  })

const counting = (change: (request: Extract<LeafRequest, { readonly weights: unknown }>) => Partial<DrawRequest>): Handler => ({
  leaf: (request) => ("weights" in request ? ({ ...request, ...change(request) } as LeafRequest) : request)
})

/**
 * Log densities count only where `where`, a scalar, is not 0. In a plate it may be a row's: `mask(observe("y", d, row.y), row.present)`.
 * What is masked need not lie in the support, nor be a number.
 */
export const mask = <A, R>(self: Program<A, R>, where: Numeric): Model<A, R> =>
  handle(
    self,
    counting(({ masks }) => ({ masks: [...masks, where] }))
  )

/** Log densities are multiplied by `factor`, a scalar. */
export const scale = <A, R>(self: Program<A, R>, factor: Numeric): Model<A, R> =>
  handle(
    self,
    counting(({ weights }) => ({ weights: [...weights, factor] }))
  )

/** Prefixes the names of all sites, plates and chains: `theta` becomes `prefix.theta`. So a model can stand in another one twice. */
export const scope = <A, R, const P extends string>(self: Program<A, R>, prefix: P): Model<A, Prefixed<R, P>> =>
  handle(self, { leaf: (request) => ({ ...request, name: `${prefix}.${request.name}` }), plate: (name) => `${prefix}.${name}` })

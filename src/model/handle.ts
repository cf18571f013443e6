/** Handlers: Model → Model. What is written for one site is applied to all, in plates and chains too. */
import { leafSite } from "./sites.ts"
import { fromSites, type Model } from "./model.ts"
import { markovSite } from "./markov.ts"
import { plateSite } from "./plate.ts"
import { rewritten } from "./rewritten.ts"
import type { LeafRequest } from "./request.ts"
import type { AnySite, Program, Site } from "./site.ts"

export interface Handler {
  /** A site's request as the handler leaves it; `depth` is how many plates and chains lie between them. */
  readonly leaf: (request: LeafRequest, depth: number) => LeafRequest
  /** What a plate or a chain is called; its own name by default. */
  readonly plate?: (name: string) => string
  /** Called when the model has run to its end, with the names of its sites, of those in plates and chains too. */
  readonly done?: (names: ReadonlySet<string>) => void
}

function* handled<A>(self: Program<A>, handler: Handler, depth: number, names: Set<string>): Generator<AnySite, A, unknown> {
  const rewrite = (site: AnySite): AnySite => {
    const { request } = site
    const name = handler.plate?.(request.name) ?? request.name
    const inner = (program: Program<unknown>): Program<unknown> => fromSites(() => handled(program, handler, depth + 1, names))
    switch (request.kind) {
      case "plate":
        return plateSite({ ...request, name, body: (row) => inner(request.body(row)) })
      case "markov":
        return markovSite({ ...request, name, step: (carry, row) => inner(request.step(carry, row)) })
      default:
        names.add(request.name)
        return leafSite(handler.leaf(request, depth))
    }
  }
  const result = yield* rewritten(self, rewrite)
  if (depth === 0) handler.done?.(names)
  return result
}

/** The model with each of its sites rewritten. */
export const handle = <A, R>(self: Program<A>, handler: Handler): Model<A, R> =>
  fromSites(() => handled(self, handler, 0, new Set()) as Generator<Site<unknown, R>, A, unknown>)

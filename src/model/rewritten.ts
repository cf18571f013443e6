import { fromSites, type Model } from "./model.ts"
import type { AnySite, Program, Site } from "./site.ts"

/** The sites of a model rewritten one by one, as they come. An answer, an error or an early end reaches the model that asked. */
export function* rewritten<A>(self: Program<A>, rewrite: (site: AnySite) => AnySite): Generator<AnySite, A, unknown> {
  const iterator = self[Symbol.iterator]()
  let finished = false
  try {
    let step = iterator.next()
    while (step.done !== true) {
      let answer: unknown
      try {
        answer = yield rewrite(step.value)
      } catch (error) {
        if (iterator.throw === undefined) throw error
        step = iterator.throw(error)
        continue
      }
      step = iterator.next(answer)
    }
    finished = true
    return step.value
  } finally {
    if (!finished) iterator.return?.()
  }
}

/** The model with its outermost sites rewritten: plates and chains as a whole. */
export const outermost = <A, R>(self: Program<A>, rewrite: (site: AnySite) => AnySite): Model<A, R> =>
  fromSites(() => rewritten(self, rewrite) as Generator<Site<unknown, R>, A, unknown>)

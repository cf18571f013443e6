import { fromSites, type Model } from "../model/model.ts"
import type { AnySite, Program, Site } from "../model/site.ts"

function* rewritten<A>(self: Program<A>, rewrite: (site: AnySite) => AnySite): Generator<AnySite, A, unknown> {
  const iterator = self[Symbol.iterator]()
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
  return step.value
}

/** The model with its outermost sites rewritten: plates and chains as a whole. */
export const outermost = <A, R>(self: Program<A>, rewrite: (site: AnySite) => AnySite): Model<A, R> =>
  fromSites(() => rewritten(self, rewrite) as Generator<Site<unknown, R>, A, unknown>)

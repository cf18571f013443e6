/** The user's line of a site: the model is run once more, to that site, and the error that it throws there tells. */
import { FitError } from "../inference/errors.ts"
import { handle } from "../model/handle.ts"
import type { Program } from "../model/site.ts"
import { targetOf } from "../inference/target.ts"

class Here extends Error {}

/** Where a site is asked for, as `file:line:column`; undefined where the stack does not tell. */
const lineOf = (model: Program<unknown>, site: string): string | undefined => {
  const stopped = handle(model, {
    leaf: (request) => {
      if (request.name === site) throw new Here()
      return request
    }
  })
  try {
    targetOf(stopped)
  } catch (error) {
    const frames = error instanceof Error ? (error.stack ?? "").split("\n") : []
    const user = frames[frames.findIndex((frame) => frame.includes("SiteIterator.throw")) + 1]
    return user === undefined ? undefined : /\(?((?:file:|\/|[A-Z]:).*:\d+:\d+)\)?$/.exec(user.trim())?.[1]
  }
  return undefined
}

/** A fit's error with the line of the site that it names. */
export const located =
  (model: Program<unknown>) =>
  <E>(error: E): E | FitError => {
    const site = error instanceof FitError ? /^(?:after )?site "(.+?)"/.exec(error.where)?.[1] : undefined
    const line = site === undefined ? undefined : lineOf(model, site)
    return line === undefined ? error : new FitError({ ...(error as FitError), where: `${(error as FitError).where}, at ${line}` })
  }

import * as fc from "fast-check"

/** A property with a name, for any test runner: `run` throws where it fails, with the counterexample and the cause. */
export interface Law {
  readonly name: string
  readonly run: () => void
}

export interface LawOptions {
  /** Equal seeds try equal cases. Default 1. */
  readonly seed?: number
  /** How many random cases are tried. Default 20; a fifth of it where a case is thousands of draws or nodes. */
  readonly numRuns?: number
}

/** For cases that are thousands of draws or nodes: a fifth of the runs, and a counterexample is not made smaller. */
export const fewer = (options: LawOptions): CheckOptions => ({ ...options, numRuns: Math.ceil((options.numRuns ?? 20) / 5), shrink: false })

interface CheckOptions extends LawOptions {
  readonly shrink?: boolean
}

/** A law broken: which, of what, at which case. */
export class LawError extends Error {
  override readonly name = "LawError"
}

/** The law that `holds` does not throw at any case. */
export const law = <A>(
  subject: string,
  name: string,
  cases: fc.Arbitrary<A>,
  { seed = 1, numRuns = 20, shrink = true }: CheckOptions,
  holds: (a: A) => void
): Law => ({
  name: `${subject}: ${name}`,
  run: () => {
    const details = fc.check(fc.property(cases, holds), { seed, numRuns, endOnFailure: !shrink })
    if (!details.failed) return
    throw new LawError(`${subject}: "${name}" does not hold.\n${fc.defaultReportMessage(details)}`, { cause: details.errorInstance })
  }
})

/** Fails with what was found unless `condition`. */
export const claim = (condition: boolean, found: () => string): void => {
  if (!condition) throw new Error(found())
}

/** That |actual − expected| ≤ room, in words; NaN is never close. */
export const close = (what: string, actual: number, expected: number, room: number): void =>
  claim(actual === expected || Math.abs(actual - expected) <= room, () => `${what} is ${actual}, expected ${expected} within ${room}`)

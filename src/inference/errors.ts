import * as Data from "effect/Data"
import type { FitState } from "./variational.ts"

/** A fit that had to stop. What it had reached stays usable: `fit` goes on from `state` by its option `from`. */
export class FitError extends Data.TaggedError("FitError")<{
  readonly reason: string
  /** The step at which it stopped; 0 where it found no starting point. */
  readonly step: number
  /** The site, parameter or layer where it went wrong. */
  readonly where: string
  readonly remedy: string
  /** The best state that it had reached. */
  readonly state: FitState | undefined
}> {
  override get message(): string {
    return `fit stopped at step ${this.step}, ${this.where}: ${this.reason}. ${this.remedy}`
  }
}

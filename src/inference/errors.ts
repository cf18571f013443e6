import * as Data from "effect/Data"

/** A fit that had to stop. What it had reached stays usable in `state`. */
export class FitError extends Data.TaggedError("FitError")<{
  readonly reason: string
  /** The step at which it stopped. */
  readonly step: number
  /** The site, parameter or layer where it went wrong. */
  readonly where: string
  readonly remedy: string
  /** The last state that was finite. */
  readonly state: unknown
}> {
  override get message(): string {
    return `fit stopped at step ${this.step}, ${this.where}: ${this.reason}. ${this.remedy}`
  }
}

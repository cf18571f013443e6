/**
 * The errors of the library. Each is tagged, names the site, argument or file it is about, and says what was expected, what came and
 * what to do.
 */
import * as Data from "effect/Data"

const sentence = (parts: ReadonlyArray<string | undefined>): string => parts.filter((p) => p !== undefined && p !== "").join(" ")

/** What went wrong at one site of a model. The stack shows the line of the user's `yield*`. */
export class SiteError extends Data.TaggedError("SiteError")<{
  readonly site: string
  readonly reason: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return `site "${this.site}": ${this.reason}`
  }
}

/** An argument outside what the function takes. */
export class ArgumentError extends Data.TaggedError("ArgumentError")<{
  /** The function and its argument, as in `Normal.scale`. */
  readonly argument: string
  readonly expected: string
  readonly received: string
  readonly remedy?: string
}> {
  override get message(): string {
    return sentence([`${this.argument}: expected ${this.expected}, got ${this.received}.`, this.remedy])
  }
}

/** Two shapes that do not fit. */
export class ShapeError extends Data.TaggedError("ShapeError")<{
  readonly where: string
  readonly expected: string
  readonly received: string
  readonly remedy?: string
}> {
  override get message(): string {
    return sentence([`${this.where}: expected shape ${this.expected}, got ${this.received}.`, this.remedy])
  }
}

/** Something that can't be recorded: a kernel without a lowering, a read of a value, host randomness, a leaked axis. */
export class TraceError extends Data.TaggedError("TraceError")<{
  readonly operation: string
  readonly reason: string
  readonly remedy?: string
}> {
  override get message(): string {
    return sentence([`${this.operation}: ${this.reason}.`, this.remedy])
  }
}

/** Something an engine can't do or failed at. */
export class EngineError extends Data.TaggedError("EngineError")<{
  readonly engine: string
  readonly operation: string
  readonly reason: string
  readonly remedy?: string
}> {
  override get message(): string {
    return sentence([`engine "${this.engine}", ${this.operation}: ${this.reason}.`, this.remedy])
  }
}

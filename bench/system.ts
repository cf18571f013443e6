/** What is timed: something that runs the step of a case. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Case } from "./cases.ts"
import type { Step } from "./programs.ts"

/** Of steps one after the other. */
export interface Sample {
  readonly times: ReadonlyArray<number>
  readonly objectives: ReadonlyArray<number>
}

export interface Running {
  /** Steps for so many seconds, at least one. */
  readonly sample: (seconds: number) => Effect.Effect<Sample, Error>
}

export interface System {
  readonly name: string
  readonly threads: number
  /** Prepares the step and runs it once. Fails where the system is absent, or has no such step. */
  readonly start: (c: Case, step: Step) => Effect.Effect<Running, Error, Scope.Scope>
}

export const labelOf = (system: string, threads: number): string => (threads === 1 ? system : `${system}, ${threads} threads`)

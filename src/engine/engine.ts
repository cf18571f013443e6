/** Engines run programs. They differ in speed only: the law is that they agree. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { EngineError } from "../errors.ts"
import type { Program, TypedArray } from "../graph/types.ts"

export interface Engine {
  readonly name: string
  /** Prepares a program. What it holds is released with the scope. */
  readonly compile: (program: Program) => Effect.Effect<Executable, EngineError, Scope.Scope>
}

export interface Executable {
  readonly program: Program
  /** Values by input name; an input left out takes the data it was traced with. The outputs come in the program's order. */
  readonly run: (inputs: Readonly<Record<string, TypedArray>>) => Effect.Effect<ReadonlyArray<TypedArray>, EngineError>
}

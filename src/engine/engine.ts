/** Engines run programs. They differ in speed only: the law is that they agree. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { EngineError } from "../errors.ts"
import type { Program, TypedArray } from "../graph/types.ts"

export interface Engine {
  readonly name: string
  /** Prepares a program. What it holds is released with the scope. */
  readonly compile: (program: Program) => Effect.Effect<Executable, EngineError, Scope.Scope>
  /** Prepares a program that is run again and again: its first outputs are the next values of the inputs `carried`, which are its state. */
  readonly iterate: (program: Program, carried: ReadonlyArray<string>) => Effect.Effect<Iteration, EngineError, Scope.Scope>
}

/** Values by the names of inputs. */
export type Inputs = Readonly<Record<string, TypedArray>>

export interface Executable {
  readonly program: Program
  /** An input left out takes the data it was traced with. The outputs come in the program's order. */
  readonly run: (inputs: Inputs) => Effect.Effect<ReadonlyArray<TypedArray>, EngineError>
}

export interface Iteration {
  readonly program: Program
  /**
   * Runs the program `count` times from a state. `rows` are the inputs that have no data, each with its values for all the runs, one after
   * the other. A run that gives a number that is not finite is not taken, and is the last.
   */
  readonly run: (state: ReadonlyArray<TypedArray>, rows: Inputs, count: number) => Effect.Effect<Iterated, EngineError>
}

export interface Iterated {
  /** How many runs were taken: `count`, or fewer if the one after them was not finite. */
  readonly taken: number
  /** After the last run that was taken. */
  readonly state: ReadonlyArray<TypedArray>
  /** What that run set out from; as given if none was taken. */
  readonly before: ReadonlyArray<TypedArray>
  /** The outputs that are not of the state, each of all runs, one after the other; that of the run that was not taken is the last. */
  readonly rows: ReadonlyArray<TypedArray>
}

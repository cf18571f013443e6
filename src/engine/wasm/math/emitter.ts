/** Mathematical functions as WebAssembly functions of vectors. */
import type { FunctionBuilder } from "../assembler/function.ts"

export type Real = "f32" | "f64"

/**
 * Writes the body of a function v128 → v128 (two arguments: v128, v128 → v128, and so on) on the lanes of `dtype`: f32x4 or f64x2. The arguments
 * are locals 0, 1, …; the result is left on the stack. `call` writes a call of another function of the table, on the same lanes unless it says
 * otherwise.
 */
export type MathEmitter = (f: FunctionBuilder, dtype: Real, call: (name: string, dtype?: Real) => void) => void

export interface MathFunction {
  readonly arguments: 1 | 2 | 3
  readonly emit: MathEmitter
}

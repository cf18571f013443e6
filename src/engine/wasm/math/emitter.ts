/** Mathematical functions as WebAssembly functions of vectors. */
import type { FunctionBuilder } from "../assembler/function.ts"

export type Real = "f32" | "f64"

/**
 * Writes a function of vectors on the lanes of `dtype`: f32x4 or f64x2. The result is left on the stack. `call` writes a call of another
 * function of the table, on the same lanes unless it says otherwise. The arguments are locals, by default 0, 1, …
 */
export type MathEmitter = (
  f: FunctionBuilder,
  dtype: Real,
  call: (name: string, dtype?: Real) => void,
  locals?: ReadonlyArray<number>
) => void

export interface MathFunction {
  readonly arguments: 1 | 2 | 3
  /** Whether it is written where it is used, which spares the registers that a call gives up, and lets functions share what they have in common. */
  readonly inline: boolean
  readonly emit: MathEmitter
}

/** Single numbers in float64, whatever they are stored as. */
import type { FunctionBuilder } from "../assembler/function.ts"
import type { DType } from "../../../graph/types.ts"
import { load, store } from "./lanes.ts"

/** With the address pushed: the number there. */
export const loadNumber = (f: FunctionBuilder, dtype: DType, offset = 0): void => load(f, "f64", dtype, 0, 1, () => offset)

/** With the address pushed: stores the local there. */
export const storeNumber = (f: FunctionBuilder, dtype: DType, local: number, offset = 0): void =>
  store(f, "f64", dtype, 0, local, 1, () => offset)

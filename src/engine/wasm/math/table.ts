/** The functions that are written in SIMD, by the names of their primitives. */
import type { MathFunction } from "./emitter.ts"

export const mathFunctions: Readonly<Record<string, MathFunction>> = {}

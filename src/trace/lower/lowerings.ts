/** All tfjs kernels that are known, by name. */
import { elementwise } from "./elementwise.ts"
import { indexing } from "./indexing.ts"
import type { Lowering } from "./lowering.ts"
import { movement } from "./movement.ts"
import { products } from "./products.ts"
import { reductions } from "./reductions.ts"

export const lowerings: Readonly<Record<string, Lowering>> = { ...elementwise, ...reductions, ...movement, ...indexing, ...products }

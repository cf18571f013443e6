/** What the page offers to the program that opened it. */
import * as Effect from "effect/Effect"
import type { WasmOptions } from "pushforward"
import { hasRelaxedSimd } from "../../src/engine/wasm/assembler/features.ts"
import { fitted } from "./fit.ts"

const page = { fused: hasRelaxedSimd, fitted: (options: WasmOptions) => Effect.runPromise(fitted(options)) }

export type Page = typeof page

Object.assign(globalThis, { page })

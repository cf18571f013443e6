/** pushforward: Bayesian models as programs for one draw, posteriors as normalising flows. */
export * from "./errors.ts"
export type { Engine, Executable } from "./engine/engine.ts"
export { reference, type ReferenceOptions } from "./engine/reference/reference.ts"
export type { NDArray, Shape } from "./graph/types.ts"
export * from "./model/index.ts"
export type { Numeric } from "./trace/tensor.ts"

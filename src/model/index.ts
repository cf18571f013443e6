/** The model language: sites, models, handlers, interpreters. */
export { type Column, type RowOf, type Rows } from "./rows.ts"
export {
  type CarryInit,
  type Counted,
  type DeterministicRequest,
  type DrawRequest,
  type FactorRequest,
  type Given,
  type LeafRequest,
  type MarkovRequest,
  type ParamRequest,
  type PlateRequest,
  type SiteRequest
} from "./request.ts"
export { type AnySite, type Program, type RequirementOf, type Site } from "./site.ts"
export type {
  Arrays,
  Asked,
  Blocked,
  Conditioned,
  Continuous,
  Covers,
  Deterministic,
  DeterministicNames,
  Factor,
  FactorNames,
  Hidden,
  Integer,
  Intervened,
  LatentNames,
  Latents,
  Observe,
  ObservedNames,
  Param,
  ParamNames,
  Prefixed,
  Real,
  Sample,
  SiteDensities,
  SiteValues,
  Trainables,
  Values
} from "./types.ts"
export type { Read, TensorTree, Widened } from "./value.ts"
export { deterministic, factor, observe, param, sample } from "./sites.ts"
export { plate, type PlateOptions } from "./plate.ts"
export { type CarryOf, markov } from "./markov.ts"
export { type LatentsOf, model, type Model } from "./model.ts"
export { handle, type Handler } from "./handle.ts"
export { block, condition, intervene, mask, replay, scale, scope, substitute } from "./handlers.ts"
export { Interpreter, layerInterpreter, type PlateRow } from "./interpreter.ts"
export { layerPrior } from "./eager.ts"
export { simulate, type Simulated } from "./simulate.ts"
export {
  type DrawOptions,
  logDensities,
  logJoint,
  type Point,
  predictive,
  type PredictiveOptions,
  prior,
  trace,
  type Trace,
  type TracedSite
} from "./interpreters.ts"
export { type ModelError, type RunOptions } from "./compute.ts"
export { inspect, type SiteInfo } from "./inspect.ts"

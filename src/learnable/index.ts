export type { Learnable, Params, TensorParams, Tree } from "./learnable.ts"
export { learnableElementwiseAffine, learnableTriangularAffine } from "./affine.ts"
export { learnableConditionalAffine } from "./conditionalAffine.ts"
export {
  learnableAffineCoupling,
  learnableSplineCoupling,
  type FlowContext,
  type CouplingOptions,
  type SplineCouplingOptions
} from "./coupling.ts"
export { frozen } from "./frozen.ts"
export { mlp, type MlpOptions, type Network, type NetworkOptions } from "./mlp.ts"
export { parameter } from "./parameter.ts"
export { sequence } from "./sequence.ts"
export { flatten, leaves, mapTree, sizeOfTree, unflatten } from "./tree.ts"

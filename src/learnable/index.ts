export type { FlowContext, Learnable, Params, TensorParams, Tree } from "./learnable.ts"
export { learnableActnorm } from "./actnorm.ts"
export { learnableElementwiseAffine, learnableTriangularAffine } from "./affine.ts"
export { learnableInverseAutoregressive, learnableMaskedAutoregressive, type AutoregressiveOptions } from "./autoregressive.ts"
export type { SplineOptions } from "./component.ts"
export { combine } from "./combine.ts"
export { conditional } from "./conditional.ts"
export { learnableConditionalAffine } from "./conditionalAffine.ts"
export {
  learnableAdditiveCoupling,
  learnableAffineCoupling,
  learnableSplineCoupling,
  type AffineCouplingOptions,
  type CouplingOptions,
  type SplineCouplingOptions
} from "./coupling.ts"
export { fixed } from "./fixed.ts"
export { deepSet, type DeepSetOptions, type SetNetwork } from "./deepSet.ts"
export { fourierFeatures, type FourierOptions } from "./fourierFeatures.ts"
export { frozen } from "./frozen.ts"
export { learnableLeakyReLU } from "./leakyReLU.ts"
export { learnableLinear, type LinearOptions } from "./linear.ts"
export { mlp, type MlpOptions, type Network, type NetworkOptions } from "./mlp.ts"
export { learnableMixture, type MixtureOptions } from "./mixture.ts"
export { parameter } from "./parameter.ts"
export { learnablePlanar } from "./planar.ts"
export { learnableRadial } from "./radial.ts"
export { sequence } from "./sequence.ts"
export { learnableSpline } from "./spline.ts"
export { learnableStudentT } from "./studentT.ts"
export { learnableTransformed } from "./transformed.ts"
export { flatten, leaves, mapTree, sizeOfTree, unflatten } from "./tree.ts"
export type { ConditionalOptions } from "./vector.ts"

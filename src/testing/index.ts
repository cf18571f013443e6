/** Laws and arbitraries for your own bijectors, distributions and models. Named properties, for any test runner. */
export { arbitraryOf, unconstrained } from "./arbitrary.ts"
export { bijectorLaws, type BijectorLawOptions } from "./bijectorLaws.ts"
export type { Arrays, Tensors } from "./compiled.ts"
export { family, type Family } from "./family.ts"
export { distributionLaws, type DistributionLawOptions } from "./distributionLaws.ts"
export { groupoidLaws } from "./groupoidLaws.ts"
export { LawError, type Law, type LawOptions } from "./law.ts"

/** What tfjs lacks: eager and traced, for one draw. */
export { cholesky, triangularSolve } from "./linearAlgebra.ts"
export { digamma, erfinv, gammaDerivative, lgamma, logAddExp } from "./elementwise.ts"
export { float32, float64 } from "./precision.ts"
export { binomialQuantile, poissonQuantile } from "./quantiles.ts"
export { scan } from "./scan.ts"
export { sort } from "./sort.ts"
export { stopGradient } from "./stopGradient.ts"

/** Special functions of numbers, in float64. NaN in gives NaN out; outside the domain is NaN. */
export { digamma, lgamma, trigamma } from "./gamma.ts"
export { betaI } from "./incomplete-beta.ts"
export { gammaDerivative, gammaP, gammaQ } from "./incomplete-gamma.ts"
export { erf, erfc, erfinv, normalLogCdf, normalQuantile } from "./normal.ts"
export { binomialQuantile, poissonQuantile } from "./quantile.ts"
export { logAddExp, sigmoid, softplus } from "./sigmoid.ts"

/**
 * Functions of numbers in float64, with the same bits everywhere: they are made of operations that IEEE 754 rounds correctly, which those of
 * `Math` are not bound to. NaN in gives NaN out; outside the domain is NaN.
 */
export { atan, atan2 } from "./arctangent.ts"
export { exp, expm1 } from "./exponential.ts"
export { digamma, lgamma, trigamma } from "./gamma.ts"
export { tanh } from "./hyperbolic.ts"
export { betaI } from "./incomplete-beta.ts"
export { gammaDerivative, gammaP, gammaQ } from "./incomplete-gamma.ts"
export { log, log1p } from "./logarithm.ts"
export { erf, erfc, erfinv, normalLogCdf, normalQuantile } from "./normal.ts"
export { square } from "./polynomial.ts"
export { pow } from "./power.ts"
export { binomialQuantile, poissonQuantile } from "./quantile.ts"
export { logAddExp, sigmoid, softplus } from "./sigmoid.ts"
export { cos, sin } from "./trigonometric.ts"

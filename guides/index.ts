/** Variational families, one a file. */
export { amortised, type AmortisedOptions } from "./amortised.ts"
export { fullRank } from "./fullRank.ts"
export { meanField } from "./meanField.ts"
export { neuralSplineFlow, type NeuralSplineFlowOptions } from "./neuralSplineFlow.ts"
export { realNVP, type RealNVPOptions } from "./realNVP.ts"
export type { AmortisedGuide, Guide, Start } from "../src/guide/guide.ts"

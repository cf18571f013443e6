/** Variational families, one a file. */
export { fullRank } from "./fullRank.ts"
export { meanField } from "./meanField.ts"
export { neuralSplineFlow, type NeuralSplineFlowOptions } from "./neuralSplineFlow.ts"
export { realNVP, type RealNVPOptions } from "./realNVP.ts"
export type { Guide, Start } from "../src/guide/guide.ts"

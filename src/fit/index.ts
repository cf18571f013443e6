export { fit } from "./fit.ts"
export { fitStream, type FitStep } from "./fitStream.ts"
export type { FitFailure, FitOptions, TrainingOptions } from "./options.ts"
export type { GuideFor } from "./prepare.ts"

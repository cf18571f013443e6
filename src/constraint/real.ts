import { identity } from "../bijector/identity.ts"
import type { Constraint } from "./constraint.ts"
import { elementwise } from "./elements.ts"

/** Any finite numbers. */
export const real: Constraint = elementwise("real", () => (value) => (Number.isFinite(value) ? undefined : "is not finite"), {
  bijector: (shape) => identity(shape)
})

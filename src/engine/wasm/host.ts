/** Functions of the host that compiled code calls, number by number: those that are not written in SIMD. */
import * as special from "../../special/index.ts"
import { mathFunctions } from "./math/table.ts"

export interface HostFunction {
  readonly arguments: 1 | 2 | 3
  readonly value: (...x: ReadonlyArray<number>) => number
}

const one = (value: (x: number) => number): HostFunction => ({ arguments: 1, value: value as HostFunction["value"] })
const two = (value: (a: number, b: number) => number): HostFunction => ({ arguments: 2, value: value as HostFunction["value"] })

const all: Readonly<Record<string, HostFunction>> = {
  exp: one(Math.exp),
  expm1: one(Math.expm1),
  log: one(Math.log),
  log1p: one(Math.log1p),
  tanh: one(Math.tanh),
  sigmoid: one(special.sigmoid),
  softplus: one(special.softplus),
  sin: one(Math.sin),
  cos: one(Math.cos),
  atan: one(Math.atan),
  erf: one(special.erf),
  erfinv: one(special.erfinv),
  lgamma: one(special.lgamma),
  digamma: one(special.digamma),
  trigamma: one(special.trigamma),
  pow: two(Math.pow),
  mod: two((a, b) => ((a % b) + b) % b),
  atan2: two(Math.atan2),
  gammaDerivative: two(special.gammaDerivative),
  poissonQuantile: two(special.poissonQuantile),
  binomialQuantile: { arguments: 3, value: special.binomialQuantile as HostFunction["value"] }
}

export const isMathematical = (op: string): boolean => op in all

export const hostFunctions: Readonly<Record<string, HostFunction>> = Object.fromEntries(
  Object.entries(all).filter(([op]) => !(op in mathFunctions))
)

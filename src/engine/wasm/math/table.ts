/** The functions that are written in SIMD, by the names of their primitives. */
import { atan, atan2 } from "./arctangent.ts"
import { digamma } from "./digamma.ts"
import type { MathFunction } from "./emitter.ts"
import { erf } from "./erf.ts"
import { erfinv } from "./erfinv.ts"
import { exp, expm1 } from "./exponential.ts"
import { Lanes } from "./lanes.ts"
import type { Vector } from "./lanes.ts"
import { lgamma } from "./lgamma.ts"
import { log, log1p } from "./logarithm.ts"
import { sigmoid, softplus } from "./logistic.ts"
import { pow } from "./power.ts"
import { tanh } from "./tanh.ts"
import { trigamma } from "./trigamma.ts"
import { cos, sin } from "./trigonometric.ts"

const unary = (write: (m: Lanes, x: Vector) => Vector): MathFunction => ({
  arguments: 1,
  emit: (f, dtype) => {
    const m = new Lanes(f, dtype)
    m.push(write(m, { local: 0 }))
  }
})

const binary = (write: (m: Lanes, a: Vector, b: Vector) => Vector): MathFunction => ({
  arguments: 2,
  emit: (f, dtype) => {
    const m = new Lanes(f, dtype)
    m.push(write(m, { local: 0 }, { local: 1 }))
  }
})

export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  atan: unary(atan),
  atan2: binary(atan2),
  cos: unary(cos),
  digamma: unary(digamma),
  erf: unary(erf),
  erfinv: unary(erfinv),
  exp: unary(exp),
  expm1: unary(expm1),
  lgamma: unary(lgamma),
  log: unary(log),
  log1p: unary(log1p),
  pow: binary(pow),
  sigmoid: unary(sigmoid),
  sin: unary(sin),
  softplus: unary(softplus),
  tanh: unary(tanh),
  trigamma: unary(trigamma)
}

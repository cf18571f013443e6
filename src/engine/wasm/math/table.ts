/** The functions that are written in SIMD, by the names of their primitives. */
import { atan, atan2 } from "./arctangent.ts"
import { digamma } from "./digamma.ts"
import type { MathFunction } from "./emitter.ts"
import { erf } from "./erf.ts"
import { erfinv } from "./erfinv.ts"
import { exp, expm1 } from "./exponential.ts"
import { gammaDerivative } from "./incompleteGamma.ts"
import type { Vector } from "./lanes.ts"
import { Lanes } from "./lanes.ts"
import { lgamma } from "./lgamma.ts"
import { log, log1p } from "./logarithm.ts"
import { sigmoid, softplus } from "./logistic.ts"
import { mod } from "./mod.ts"
import { pow } from "./power.ts"
import { binomialQuantile, poissonQuantile } from "./quantiles.ts"
import { tanh } from "./tanh.ts"
import { trigamma } from "./trigamma.ts"
import { cos, sin } from "./trigonometric.ts"
import { narrow, widen } from "./widen.ts"

const unary = (write: (m: Lanes, x: Vector) => Vector, inline = false): MathFunction => ({
  arguments: 1,
  inline,
  emit: (f, dtype, _, [local = 0] = []) => {
    const m = new Lanes(f, dtype)
    m.push(write(m, { local }))
  }
})

const short = (write: (m: Lanes, x: Vector) => Vector): MathFunction => unary(write, true)

const binary = (write: (m: Lanes, a: Vector, b: Vector) => Vector): MathFunction => ({
  arguments: 2,
  inline: false,
  emit: (f, dtype) => {
    const m = new Lanes(f, dtype)
    m.push(write(m, { local: 0 }, { local: 1 }))
  }
})

/** Functions that are computed in float64 only: float32 lanes call them twice. */
const double = (name: string, count: 2 | 3, write: (m: Lanes, a: Vector, b: Vector, c: Vector) => Vector): MathFunction => ({
  arguments: count,
  inline: false,
  emit: (f, dtype, call) => {
    const m = new Lanes(f, dtype, (other) => call(other, "f64"))
    const inputs = Array.from({ length: count }, (_, local) => ({ local }))
    if (dtype === "f64") return m.push(write(m, { local: 0 }, { local: 1 }, { local: 2 }))
    const halves = inputs.map((x) => widen(m, x))
    const low = m.call(name, ...halves.map((h) => h[0]))
    m.push(narrow(m, [low, m.call(name, ...halves.map((h) => h[1]))]))
  }
})

export const mathFunctions: Readonly<Record<string, MathFunction>> = {
  atan: unary(atan),
  atan2: binary(atan2),
  binomialQuantile: double("binomialQuantile", 3, binomialQuantile),
  cos: unary(cos),
  digamma: unary(digamma),
  erf: unary(erf),
  erfinv: unary(erfinv),
  exp: short(exp),
  expm1: short(expm1),
  gammaDerivative: double("gammaDerivative", 2, gammaDerivative),
  lgamma: unary(lgamma),
  log: short(log),
  log1p: short(log1p),
  mod: double("mod", 2, mod),
  poissonQuantile: double("poissonQuantile", 2, poissonQuantile),
  pow: binary(pow),
  sigmoid: short(sigmoid),
  sin: unary(sin),
  softplus: short(softplus),
  tanh: short(tanh),
  trigamma: unary(trigamma)
}

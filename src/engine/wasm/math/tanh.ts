import { expOfModerate } from "./exponential.ts"
import type { Lanes, Vector } from "./lanes.ts"

/** (tanh x / x − 1)/x² in x², for |x| ≤ 0.625: minimax in the relative error of tanh x (Remez's algorithm). */
const F32 = { numerator: [-0.3333330800786015, -0.0015415678445061135], denominator: [1, 0.4046122664020788] }
const F64 = {
  numerator: [-0.33333333333333326, -0.02049678585990442, -0.0001990888988366917],
  denominator: [1, 0.4614903575796982, 0.023288647823886396, 0.0002064382706688339]
}

/** tanh x: x + x³P(x²)/Q(x²) for |x| < 0.625, otherwise ±(1 − 2/(e^2|x| + 1)); one division for both. */
export const tanh = (m: Lanes, x: Vector): Vector => {
  const { numerator, denominator } = m.pick(F32, F64)
  const y = m.atMost(m.abs(x), m.pick(10, 20))
  const z = m.mul(y, y)
  const small = m.lt(y, 0.625)
  const e = expOfModerate(m, m.add(y, y))
  const top = m.select(small, m.mul(m.mul(y, z), m.polynomial(z, numerator)), -2)
  const bottom = m.select(small, m.polynomial(z, denominator), m.add(e, 1))
  return m.or(m.add(m.select(small, y, 1), m.div(top, bottom)), m.sign(x))
}

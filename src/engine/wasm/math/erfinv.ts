import { twoProduct } from "./exact.ts"
import type { Lanes, Vector } from "./lanes.ts"
import { decompose, logOf } from "./logarithm.ts"

interface Rational {
  readonly over: ReadonlyArray<number>
  readonly under: ReadonlyArray<number>
}

/** erfinv x / x − 1 in w = −log(1 − x²) for w ≤ 5: minimax in the relative error of erfinv, 2⁻²⁷ (Remez's algorithm; the variable is Giles's, 2010). */
const F32_CENTRE = [
  -0.11377307950763238, 0.2320138180064121, 0.011548654171769479, -0.002334296842748908, -0.00012748090188217018, 4.456475427439706e-5,
  3.983403793323135e-6, -1.976495861181131e-6, 2.2103439477396835e-7, -8.791198339913221e-9
]

/** erfinv x / x − 1 in v = 0.9375² − x² for |x| ≤ 0.9375: minimax in the relative error of erfinv, 2⁻⁵⁵ (Remez's algorithm). */
const F64_CENTRE: Rational = {
  over: [
    0.4049603573185394, 9.025549797522626, 73.12832857146604, 246.83157242376592, 184.98529263036662, -809.3588323041839,
    -1876.0386321778303, -1359.87842931396, -333.21683210221926, -18.660453246861227
  ],
  under: [
    1, 27.370649058806432, 299.14606950223293, 1677.088521656868, 5171.796973338025, 8783.789638982993, 7844.16119865186, 3329.254457640679,
    550.8016118868812, 22.210914207236222
  ]
}

/** erfinv x − r in r = √−log(1 − x) from the centre to r = 4.1, r = 5, and from there to r = 6.1: 2⁻²⁹, 2⁻⁵⁸, 2⁻⁵⁸ (Remez's algorithm). */
const F32_TAIL: Rational = {
  over: [0.6850129638462493, -3.1507018934197646, -0.46801716467077864],
  under: [1, 3.8172721469783184, 3.105772124128733, 0.1888627037065518]
}
const F64_TAIL: Rational = {
  over: [
    3.4962938910184804e-5, -0.9974459455063202, -1.2680318536101423, -2.012805615696243, -1.136417863979849, -0.1479752368080443,
    -0.0040047551831635725, -4.480572433987957e-6
  ],
  under: [
    1, 2.1285170372239004, 4.013669627847445, 3.9489964858757842, 3.2079960658794535, 0.9433194092171904, 0.07922208100450169,
    0.0014229133659406832
  ]
}
const F64_FAR_TAIL: Rational = {
  over: [0.19946652157223912, -1.5270604133466388, -0.7173688085010381, -0.039589296211040195, -7.274518563467977e-5],
  under: [1, 1.9483924132675534, 2.317172397817982, 0.4747309116767555, 0.015394466438837847]
}

const ratio = (m: Lanes, x: Vector, { over, under }: Rational): Vector => m.div(m.polynomial(x, over), m.polynomial(x, under))

const logOfNormal = (m: Lanes, x: Vector): Vector => {
  const { k, f } = decompose(m, x)
  return logOf(m, k, f)
}

/** erfinv y beyond the centre; ∞ at 1, NaN further out. */
const tail = (m: Lanes, y: Vector): Vector => {
  const rest = m.sub(1, y)
  const w = m.neg(logOfNormal(m, rest))
  const r = m.sqrt(w)
  const square = twoProduct(m, r, r)
  const lost = m.div(m.sub(m.sub(w, square.high), square.low), m.add(r, r))
  const near = m.pick(F32_TAIL, F64_TAIL)
  const value = m.dtype === "f32" ? ratio(m, r, near) : m.except(m.gt(r, 5), ratio(m, r, near), () => ratio(m, r, F64_FAR_TAIL))
  return m.select(m.gt(rest, 0), m.add(r, m.add(value, lost)), m.select(m.eq(rest, 0), Infinity, NaN))
}

const centre = (m: Lanes, y: Vector): Vector =>
  m.dtype === "f32"
    ? m.polynomial(m.neg(logOfNormal(m, m.mul(m.sub(1, y), m.add(1, y)))), F32_CENTRE)
    : ratio(m, m.nmadd(y, y, 0.87890625), F64_CENTRE)

/** The inverse of erf: x + xR near the centre, ±(√−log(1 − |x|) + R) in the tails; ±∞ at ±1, NaN beyond. */
export const erfinv = (m: Lanes, x: Vector): Vector => {
  const y = m.abs(x)
  const inside = m.madd(y, centre(m, y), y)
  return m.or(
    m.except(m.gt(y, m.pick(0.9966, 0.9375)), inside, () => tail(m, y)),
    m.sign(x)
  )
}

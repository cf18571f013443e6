/** Quadrature rules for the densities and entropies of the targets. */

export interface Rule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** The Legendre polynomial of degree n and its derivative at x. */
const legendre = (n: number, x: number): { readonly value: number; readonly slope: number } => {
  let [before, value] = [1, x]
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k]
  return { value, slope: (n * (before - x * value)) / (1 - x * x) }
}

/** The Gauss–Legendre rule of n nodes on (from, to): the roots of the Legendre polynomial by Newton's method, in pairs about the middle. */
export const gaussLegendre = (n: number, from: number, to: number): Rule => {
  const [centre, half] = [(from + to) / 2, (to - from) / 2]
  const nodes = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let i = 0; 2 * i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5))
    let slope = 0
    for (let step = 0; step < 5; step++) {
      const at = legendre(n, x)
      slope = at.slope
      x -= at.value / slope
    }
    ;[nodes[i], nodes[n - 1 - i]] = [centre - half * x, centre + half * x]
    weights[i] = weights[n - 1 - i] = (2 * half) / ((1 - x * x) * slope ** 2)
  }
  return { nodes, weights }
}

export interface Moments {
  /** ∫ p */
  readonly mass: number
  /** −∫ p log p */
  readonly entropy: number
}

/** The two integrals of a density by nodes of equal weight. */
const moments = (logDensities: Iterable<number>, weight: number): Moments => {
  let [mass, entropy] = [0, 0]
  for (const logP of logDensities) {
    if (logP === -Infinity) continue
    const p = weight * Math.exp(logP)
    mass += p
    entropy -= p * logP
  }
  return { mass, entropy }
}

export type Range = readonly [from: number, to: number]

const equidistant = ([from, to]: Range, step: number): Float64Array => {
  const count = Math.ceil((to - from) / step)
  return Float64Array.from({ length: count + 1 }, (_, i) => (from + to) / 2 + (i - count / 2) * step)
}

/** Of a density on the line that is smooth and has fallen to nothing at the ends: the trapezoidal rule, whose error falls exponentially in 1/step. */
export const lineMoments = (logDensity: (x: number) => number, range: Range, step: number): Moments =>
  moments(equidistant(range, step).map(logDensity), step)

/** The same for a density in the plane. */
export const planeMoments = (logDensity: (x: readonly [number, number]) => number, across: Range, up: Range, step: number): Moments => {
  const ys = equidistant(up, step)
  const rows = Array.from(equidistant(across, step), (x) =>
    moments(
      ys.map((y) => logDensity([x, y])),
      step * step
    )
  )
  return { mass: rows.reduce((sum, { mass }) => sum + mass, 0), entropy: rows.reduce((sum, { entropy }) => sum + entropy, 0) }
}

/**
 * For each of `places` the weights of the values at `nodes` in the polynomial through them, evaluated there: Lagrange's by the barycentric
 * formula.
 *
 * @see Berrut & Trefethen 2004, "Barycentric Lagrange Interpolation", section 4.
 */
export const interpolation = (nodes: Float64Array, places: Float64Array): ReadonlyArray<Float64Array> => {
  const scale = 4 / (nodes.at(-1)! - nodes[0]!)
  const barycentric = nodes.map((a, i) => nodes.reduce((product, b, j) => (i === j ? product : product / (scale * (a - b))), 1))
  return Array.from(places, (place) => {
    const exact = nodes.indexOf(place)
    if (exact >= 0) return nodes.map((_, i) => (i === exact ? 1 : 0))
    const terms = barycentric.map((w, i) => w / (place - nodes[i]!))
    const total = terms.reduce((sum, term) => sum + term, 0)
    return terms.map((term) => term / total)
  })
}

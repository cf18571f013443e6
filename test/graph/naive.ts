/** Special functions from their definitions: sums, quadrature, bisection. Slow, and independent of the library's own. */

const simpson = (f: (x: number) => number, from: number, to: number, n = 2000): number => {
  const h = (to - from) / n
  let sum = f(from) + f(to)
  for (let i = 1; i < n; i++) sum += f(from + i * h) * (i % 2 === 1 ? 4 : 2)
  return (sum * h) / 3
}

const bisect = (f: (x: number) => number, low: number, high: number): number => {
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (f(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

export const erf = (x: number): number => simpson((t) => (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t), 0, x)

export const erfinv = (y: number): number => bisect((x) => erf(x) - y, -6, 6)

/** Stirling's series after shifting the argument to at least 20. */
export const lgamma = (x: number): number =>
  x < 20
    ? lgamma(x + 1) - Math.log(x)
    : (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5)

export const digamma = (x: number): number =>
  x < 20 ? digamma(x + 1) - 1 / x : Math.log(x) - 1 / (2 * x) - 1 / (12 * x ** 2) + 1 / (120 * x ** 4) - 1 / (252 * x ** 6)

export const trigamma = (x: number): number =>
  x < 20 ? trigamma(x + 1) + 1 / x ** 2 : 1 / x + 1 / (2 * x ** 2) + 1 / (6 * x ** 3) - 1 / (30 * x ** 5) + 1 / (42 * x ** 7)

const gammaCdf = (a: number, x: number): number => {
  let term = Math.exp(a * Math.log(x) - x - lgamma(a + 1))
  let sum = 0
  for (let n = 1; n < 500; n++) {
    sum += term
    term *= x / (a + n)
  }
  return sum
}

/** Where the distribution function of Gamma(a, 1) keeps its value as a changes. */
export const gammaDerivative = (a: number, x: number): number => {
  const level = gammaCdf(a, x)
  const quantile = (b: number): number => bisect((y) => gammaCdf(b, y) - level, x / 2, x * 2)
  const h = 1e-4
  return (quantile(a + h) - quantile(a - h)) / (2 * h)
}

const least = (u: number, mass: (k: number) => number): number => {
  let k = 0
  for (let total = mass(0); total < u && k < 1000; total += mass(k)) k++
  return k
}

export const poissonQuantile = (rate: number, u: number): number => least(u, (k) => Math.exp(k * Math.log(rate) - rate - lgamma(k + 1)))

export const binomialQuantile = (n: number, p: number, u: number): number =>
  least(u, (k) => Math.exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p)))

/** Dense symmetric matrices of the host's own algorithms, row-major. */

/** The lower Cholesky factor, or the first row that has not more than the part `least` of its diagonal left beside those before it. */
export const factored = (a: Float64Array, d: number, least = 0): Float64Array | number => {
  const l = new Float64Array(d * d)
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let v = a[i * d + j]!
      for (let k = 0; k < j; k++) v -= l[i * d + k]! * l[j * d + k]!
      if (i !== j) l[i * d + j] = v / l[j * d + j]!
      else if (v > Math.max(0, least * a[i * (d + 1)]!) && v < Infinity) l[i * d + i] = Math.sqrt(v)
      else return i
    }
  return l
}

/** The lower Cholesky factor; undefined where the matrix is not positive definite. */
export const choleskyOf = (a: Float64Array, d: number): Float64Array | undefined => {
  const factor = factored(a, d)
  return typeof factor === "number" ? undefined : factor
}

/** The inverse of L Lᵀ. */
export const inverseOfFactored = (l: Float64Array, d: number): Float64Array => {
  const inverse = new Float64Array(d * d)
  const x = new Float64Array(d)
  for (let c = 0; c < d; c++) {
    for (let i = 0; i < d; i++) {
      let v = i === c ? 1 : 0
      for (let k = 0; k < i; k++) v -= l[i * d + k]! * x[k]!
      x[i] = v / l[i * d + i]!
    }
    for (let i = d - 1; i >= 0; i--) {
      let v = x[i]!
      for (let k = i + 1; k < d; k++) v -= l[k * d + i]! * x[k]!
      x[i] = v / l[i * d + i]!
      inverse[i * d + c] = x[i]!
    }
  }
  return inverse
}

/** L x for lower triangular L. */
export const lowerTimes = (l: Float64Array, x: Float64Array): Float64Array => {
  const d = x.length
  return x.map((_, i) => {
    let v = 0
    for (let k = 0; k <= i; k++) v += l[i * d + k]! * x[k]!
    return v
  })
}

export const square = (x: number): number => x * x

/** c₀ + c₁x + c₂x² + … by Horner's rule. */
export const polynomial = (x: number, coefficients: ReadonlyArray<number>): number => {
  let sum = 0
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!
  return sum
}

/**
 * The derivatives of `f`, which reads `x` in place, by central differences of fourth order; `only` names the elements. NaN where it was
 * not asked for.
 */
export const differences = (
  f: () => number,
  x: Float64Array,
  step = 1e-4,
  only: ReadonlyArray<number> = Array.from(x.keys())
): Float64Array => {
  const out = new Float64Array(x.length).fill(NaN)
  for (const i of only) {
    const before = x[i]!
    const at = (by: number): number => {
      x[i] = before + by * step
      return f()
    }
    out[i] = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step)
    x[i] = before
    if (!Number.isFinite(out[i]!)) throw new Error(`the function is not finite around element ${i}`)
  }
  return out
}

/** Largest difference relative to 1 + the size of the expected number, over elements that were asked for. */
export const worstError = (actual: ArrayLike<number>, expected: Float64Array): number =>
  expected.reduce(
    (worst, e, i) => (e !== e ? worst : Math.max(worst, actual[i] === actual[i] ? Math.abs(actual[i]! - e) / (1 + Math.abs(e)) : Infinity)),
    0
  )

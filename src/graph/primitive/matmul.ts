/** Matrix products of the reference engine. */
import type { TypedArray } from "../types.ts"

/** Where a matrix stands in a buffer: the element of row i and column j at offset + i · row + j · column. */
export interface Layout {
  readonly row: number
  readonly column: number
}

type Multiply = (a: TypedArray, offsetA: number, b: TypedArray, offsetB: number, out: TypedArray, offset: number) => void

/** Prepares out [M, N] = a [M, K] · b [K, N], out row-major. */
export const matmul = (M: number, K: number, N: number, a: Layout, b: Layout): Multiply =>
  M < 4 || N < 4 ? plain(M, K, N, a, b) : tiled(M, K, N, a, b)

const plain =
  (M: number, K: number, N: number, la: Layout, lb: Layout): Multiply =>
  (a, oa, b, ob, out, o) => {
    for (let i = 0; i < M; i++)
      for (let j = 0; j < N; j++) {
        let sum = 0
        for (let k = 0, p = oa + i * la.row, q = ob + j * lb.column; k < K; k++, p += la.column, q += lb.row) sum += a[p]! * b[q]!
        out[o + i * N + j] = sum
      }
  }

/**
 * Tiles of 4 × 4 sums that stay in registers. The right factor is packed into panels [N / 4][K][4], padded by zeros; rows beyond the last
 * are computed from the last one and not written.
 */
const tiled = (M: number, K: number, N: number, la: Layout, lb: Layout): Multiply => {
  const panels = new Float64Array(Math.ceil(N / 4) * 4 * K)
  const step = la.column
  return (a, oa, b, ob, out, o) => {
    for (let j = 0, p = 0; j < N; j += 4)
      for (let k = 0; k < K; k++) for (let c = j; c < j + 4; c++) panels[p++] = c < N ? b[ob + k * lb.row + c * lb.column]! : 0
    for (let i = 0; i < M; i += 4) {
      const rows = Math.min(4, M - i)
      const p0 = oa + i * la.row
      const p1 = rows > 1 ? p0 + la.row : p0
      const p2 = rows > 2 ? p1 + la.row : p1
      const p3 = rows > 3 ? p2 + la.row : p2
      for (let j = 0, q = 0; j < N; j += 4) {
        let s00 = 0,
          s01 = 0,
          s02 = 0,
          s03 = 0
        let s10 = 0,
          s11 = 0,
          s12 = 0,
          s13 = 0
        let s20 = 0,
          s21 = 0,
          s22 = 0,
          s23 = 0
        let s30 = 0,
          s31 = 0,
          s32 = 0,
          s33 = 0
        for (let k = 0, at = 0; k < K; k++, q += 4, at += step) {
          const b0 = panels[q]!,
            b1 = panels[q + 1]!,
            b2 = panels[q + 2]!,
            b3 = panels[q + 3]!
          const a0 = a[p0 + at]!
          s00 += a0 * b0
          s01 += a0 * b1
          s02 += a0 * b2
          s03 += a0 * b3
          const a1 = a[p1 + at]!
          s10 += a1 * b0
          s11 += a1 * b1
          s12 += a1 * b2
          s13 += a1 * b3
          const a2 = a[p2 + at]!
          s20 += a2 * b0
          s21 += a2 * b1
          s22 += a2 * b2
          s23 += a2 * b3
          const a3 = a[p3 + at]!
          s30 += a3 * b0
          s31 += a3 * b1
          s32 += a3 * b2
          s33 += a3 * b3
        }
        let w = o + i * N + j
        if (rows === 4 && j + 4 <= N) {
          out[w] = s00
          out[w + 1] = s01
          out[w + 2] = s02
          out[w + 3] = s03
          w += N
          out[w] = s10
          out[w + 1] = s11
          out[w + 2] = s12
          out[w + 3] = s13
          w += N
          out[w] = s20
          out[w + 1] = s21
          out[w + 2] = s22
          out[w + 3] = s23
          w += N
          out[w] = s30
          out[w + 1] = s31
          out[w + 2] = s32
          out[w + 3] = s33
        } else {
          const sums = [s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33]
          for (let r = 0; r < rows; r++) for (let c = 0; j + c < N && c < 4; c++) out[w + r * N + c] = sums[4 * r + c]!
        }
      }
    }
  }
}

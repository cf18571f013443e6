/** Vectors as triangles of matrices: row-major, with or without the diagonal. Leading dimensions are carried along. */
import * as tf from "@tensorflow/tfjs-core"
import { range } from "../graph/shape.ts"

export interface Triangle {
  readonly n: number
  /** Positions of the entries in the row-major matrix. */
  readonly positions: ReadonlyArray<number>
}

/** The lower triangle with its diagonal. */
export const lowerTriangle = (n: number): Triangle => ({ n, positions: range(n * n).filter((k) => k % n <= Math.floor(k / n)) })

/** The lower triangle without its diagonal. */
export const strictTriangle = (n: number): Triangle => ({ n, positions: range(n * n).filter((k) => k % n < Math.floor(k / n)) })

/** [..., entries] → [..., n, n], 0 elsewhere. */
export const toMatrix = (vector: tf.Tensor, { n, positions }: Triangle): tf.Tensor => {
  const leading = vector.shape.slice(0, -1)
  const source = new Array<number>(n * n).fill(positions.length)
  positions.forEach((position, k) => (source[position] = k))
  const padded = tf.pad(vector, [...leading.map((): [number, number] => [0, 0]), [0, 1]])
  return tf.reshape(tf.gather(padded, source, -1), [...leading, n, n])
}

/** [..., n, n] → [..., entries]. */
export const fromMatrix = (matrix: tf.Tensor, { n, positions }: Triangle): tf.Tensor => {
  const leading = matrix.shape.slice(0, -2)
  return tf.gather(tf.reshape(matrix, [...leading, n * n]), [...positions], -1)
}

/** 1 on the triangle, 0 elsewhere. */
export const maskOf = ({ n, positions }: Triangle): tf.Tensor => {
  const mask = new Float32Array(n * n)
  for (const position of positions) mask[position] = 1
  return tf.tensor2d(mask, [n, n])
}

/** [n, n] → [n]. */
export const diagonalOf = (matrix: tf.Tensor): tf.Tensor => {
  const n = matrix.shape[0]!
  return tf.stridedSlice(tf.reshape(matrix, [n * n]), [0], [n * n], [n + 1])
}

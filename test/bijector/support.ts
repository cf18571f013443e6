import * as tf from "@tensorflow/tfjs-core"
import { expect } from "vitest"
import type { Bijector } from "../../src/bijector/bijector.ts"
import { sizeOf } from "../../src/graph/shape.ts"
import type { NDArray, Shape } from "../../src/graph/types.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"

/** A bijector from tensors that vary (so that nothing is known to it on the host), and what they are. */
export interface Case {
  readonly name: string
  readonly make: (...parameters: ReadonlyArray<tf.Tensor>) => Bijector
  readonly parameters: ReadonlyArray<NDArray>
}

export const array = (shape: Shape, values: ArrayLike<number>): NDArray => ({ shape, data: Float64Array.from(values) })

/** The shape and the free coordinates of a case's ends; made eagerly. */
export const endsOf = ({ make, parameters }: Case) => {
  const bijector = make(...parameters.map((p) => tf.tensor(Float32Array.from(p.data), [...p.shape])))
  return {
    domain: bijector.domain,
    codomain: bijector.codomain,
    free: bijector.codomain.constraint.freeCoordinates(bijector.codomain.shape)
  }
}

export interface Pass {
  readonly value: Float64Array
  readonly logDet: number
}

const passesOf = (mapped: { value: tf.Tensor; logDet: tf.Tensor }, back: { value: tf.Tensor; logDet: tf.Tensor }) => [
  mapped.value,
  mapped.logDet,
  back.value,
  back.logDet
]

/** There and back in float64, with the Jacobian ∂ free coordinates / ∂ x by reverse mode. */
export const roundTrip = (c: Case, x: ArrayLike<number>) => {
  const { domain, free } = endsOf(c)
  const out = evaluate(
    (...[point, ...parameters]) => {
      const bijector = c.make(...parameters)
      const there = bijector.forward(point!)
      const back = bijector.inverse(there.value)
      const flat = tf.reshape(there.value, [there.value.size])
      const rows = free.map((k) => gradient(tf.sum(tf.slice(flat, [k], [1])), [point!])[0]!)
      return [...passesOf(there, back), ...rows]
    },
    [array(domain.shape, x), ...c.parameters]
  )
  const [value, logDet, back, backLogDet, ...rows] = out.map((o) => o.data as Float64Array)
  return { value: value!, logDet: logDet![0]!, back: back!, backLogDet: backLogDet![0]!, jacobian: rows }
}

/** There and back on the eager float32 backend. */
export const roundTrip32 = ({ make, parameters }: Case, x: ArrayLike<number>) =>
  tf.tidy(() => {
    const bijector = make(...parameters.map((p) => tf.tensor(Float32Array.from(p.data), [...p.shape])))
    const there = bijector.forward(tf.tensor(Float32Array.from(x), [...bijector.domain.shape]))
    const back = bijector.inverse(there.value)
    const [value, logDet, returned, backLogDet] = passesOf(there, back).map((t) => t.dataSync())
    return { value: value!, logDet: logDet![0]!, back: returned!, backLogDet: backLogDet![0]! }
  })

/** Gauss–Jordan with pivots: log |det| and the largest absolute row sum of the inverse. */
export const invertMatrix = (rows: ReadonlyArray<ArrayLike<number>>): { logDet: number; norm: number } => {
  const n = rows.length
  const a = rows.map((row, i) => [...Array.from(row), ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  let logDet = 0
  for (let k = 0; k < n; k++) {
    const p = a.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(a[best]![k]!) ? i : best), k)
    ;[a[k], a[p]] = [a[p]!, a[k]!]
    const pivot = a[k]![k]!
    logDet += Math.log(Math.abs(pivot))
    for (let j = 0; j < 2 * n; j++) a[k]![j]! /= pivot
    for (let i = 0; i < n; i++) {
      const f = a[i]![k]!
      if (i !== k) for (let j = 0; j < 2 * n; j++) a[i]![j]! -= f * a[k]![j]!
    }
  }
  return { logDet, norm: Math.max(0, ...a.map((row) => row.slice(n).reduce((s, v) => s + Math.abs(v), 0))) }
}

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((m, v) => Math.max(m, Math.abs(v)), 0)

/** Every law of a bijector at one point: both precisions, both directions, the Jacobian. */
export const holdsAt = (c: Case, x: ArrayLike<number>): void => {
  const { domain, codomain, free } = endsOf(c)
  expect(sizeOf(domain.shape)).toBe(free.length)
  const out = roundTrip(c, x)
  const { logDet, norm } = invertMatrix(out.jacobian)
  const slack = 1 + largest(x) + norm * (1 + largest(out.value))
  expect(codomain.constraint.violation(out.value, codomain.shape)).toBeUndefined()
  expect(Math.abs(out.logDet - logDet)).toBeLessThan(1e-13 * slack * (1 + Math.abs(logDet)) * free.length)
  const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void => {
    expect(a.length).toBe(b.length)
    for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!), `component ${i}: ${a[i]} against ${b[i]}`).toBeLessThan(tolerance)
  }
  close(out.back, x, 1e-14 * slack * free.length)
  expect(Math.abs(out.logDet + out.backLogDet)).toBeLessThan(1e-14 * slack * free.length * (1 + Math.abs(logDet)))

  const single = roundTrip32(c, x)
  const eps = 2 ** -24
  close(single.value, out.value, 64 * eps * (1 + largest(out.value) + largest(x)) * free.length * gain(out.jacobian))
  close(single.back, x, 64 * eps * slack * free.length)
  expect(Math.abs(single.logDet - out.logDet)).toBeLessThan(
    64 * eps * free.length * (1 + largest(x) + Math.abs(out.logDet)) * gain(out.jacobian)
  )
}

/** How much the map can magnify an error of its argument. */
const gain = (jacobian: ReadonlyArray<ArrayLike<number>>): number =>
  Math.max(1, ...jacobian.map((row) => Array.from(row).reduce((s, v) => s + Math.abs(v), 0)))

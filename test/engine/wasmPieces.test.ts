/** Values with a tiny last dimension, which stand in pieces, and orders in memory other than the given one. */
import * as fc from "fast-check"
import { test } from "vitest"
import { add, apply, bind, broadcastTo, concat, mul, reshape, select, slice, sum, sumAll, transpose } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { dot } from "../../src/graph/primitive/product.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { ones, range } from "../../src/graph/shape.ts"
import type { Shape } from "../../src/graph/types.ts"
import type { Value } from "../../src/graph/value.ts"
import { agree } from "./agree.ts"

const rows = fc.array(fc.constantFrom(1, 3, 4, 8, 9, 21, 33), { minLength: 1, maxLength: 2 })
const tiny = fc.integer({ min: 1, max: 5 })

const column = (x: Value, i: number, stride = 1, size = 1): Value => {
  const last = x.shape.length - 1
  return slice(
    x,
    x.shape.map((_, d) => (d === last ? i : 0)),
    x.shape.with(last, size),
    ones(last + 1).with(last, stride)
  )
}

const back = (x: Value, axis: number): Value =>
  slice(
    x,
    x.shape.map((d, i) => (i === axis ? d - 1 : 0)),
    x.shape,
    x.shape.map((_, i) => (i === axis ? -1 : 1))
  )

test("columns put together, computed with, summed up and taken apart", () => {
  fc.assert(
    fc.property(rows, tiny, fc.nat(3), (r, n, choice) => {
      const last = r.length
      agree([...range(n).map(() => [...r, 1]), [...r, n], [n]], (...all) => {
        const [columns, x, bias] = [all.slice(0, n), all[n]!, all[n + 1]!]
        const whole = concat(columns, last)
        const some = apply("tanh", add(mul(whole, x), bias))
        const by = (op: string): Value => bind(op, [some], { axes: choice === 0 ? range(last + 1) : [last] })
        const chosen = select(apply("greater", some, 0), some, whole)
        const picked = column(chosen, n - 1, 1)
        return [
          some,
          ...["sum", "max", "min", "prod"].map(by),
          sum(apply("greater", whole, 0), [last]),
          apply("exp", picked),
          column(some, n - 1, -1, Math.ceil(n / 2)),
          back(chosen, choice % (last + 1)),
          reshape(chosen, [chosen.shape.reduce((a, b) => a * b, 1)]),
          transpose(chosen, range(last + 1).toReversed()),
          bind("cumsum", [chosen], { axis: choice % (last + 1), exclusive: false, backward: false }),
          dot(chosen, chosen, true, false),
          ...grad(sumAll(mul(some, chosen)), [...columns, x, bias])
        ]
      })
    }),
    { seed: 11, numRuns: 60 }
  )
})

test("parts put into larger values, one over the other", () => {
  fc.assert(
    fc.property(rows, tiny, tiny, fc.boolean(), (r, n, m, backwards) => {
      const last = r.length
      const size = [...r, m]
      const shape = [...r, n + m]
      agree([size, [...r, n]], (x, y) => {
        const put = (v: Value, begin: number, stride: number): Value =>
          bind("unslice", [v], { begin: shape.map((_, d) => (d === last ? begin : 0)), stride: ones(last + 1).with(last, stride), shape })
        const a = backwards ? put(x, n + m - 1, -1) : put(x, n, 1)
        const b = put(y, 0, 1)
        return [a, add(a, b), apply("exp", a), sum(mul(a, b), [last]), sum(apply("square", add(a, b)), range(last + 1))]
      })
    }),
    { seed: 12, numRuns: 40 }
  )
})

test("operands that stand in other orders", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(2, 3, 5, 8, 17), { minLength: 2, maxLength: 3 }), fc.nat(5), fc.nat(7), (s, turn, mask) => {
      const k = turn % s.length
      const order = [...range(s.length).slice(k), ...range(k)]
      const turned = order.map((d) => s[d]!)
      const thin: Shape = turned.map((d, i) => ((mask >> i) & 1 ? 1 : d))
      agree([s, s, turned, thin], (x, y, z, w) => {
        const a = transpose(apply("tanh", x), order)
        const b = add(mul(a, transpose(y, order)), w)
        const axes = range(s.length).filter((i) => (mask >> i) & 1)
        return [
          b,
          mul(a, z),
          sum(apply("exp", a), axes),
          bind("max", [axes.length === 0 ? reshape(b, [1, ...b.shape]) : b], { axes: axes.length === 0 ? [0] : axes }),
          sum(sum(b, [0]), [0]),
          concat([a, b, transpose(x, order)], turn % s.length),
          bind("argmax", [a], { axis: s.length - 1 })
        ]
      })
    }),
    { seed: 13, numRuns: 60 }
  )
})

/** A scan whose body is recorded once. */
const scan = (
  step: (carry: Value, xs: ReadonlyArray<Value>, ks: ReadonlyArray<Value>) => Value,
  first: Value,
  xs: ReadonlyArray<Value>,
  ks: ReadonlyArray<Value>
): Value => {
  const body = newRecorder(undefined)
  const shapes = [first.shape, ...xs.map((x) => x.shape.slice(1)), ...ks.map((k) => k.shape)]
  const { ends, next } = within(body, () => {
    const inputs = shapes.map((shape) => real(emit("input", [], { shape }, "f32")))
    const out = step(inputs[0]!, inputs.slice(1, xs.length + 1), inputs.slice(xs.length + 1))
    return { ends: inputs.map((v) => v.id), next: out.id }
  })
  return bind("scan", [first, ...xs, ...ks], { length: xs[0]!.shape[0]!, rows: xs.length, body: { nodes: body.nodes }, ends, next })
}

test("scans whose carries, rows and weights stand in pieces or in other orders, and their gradients", () => {
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 6), fc.constantFrom(1, 3, 8, 21), tiny, fc.nat(3), (T, draws, n, choice) => {
      agree(
        [
          [draws, n],
          [T, draws, n],
          [draws, T, n],
          [draws, n, n],
          [T, draws]
        ],
        (given, x, y, k, z) => {
          const first = choice === 0 ? broadcastTo(reshape(sum(given, [0]), [1, n]), [draws, n]) : given
          const inOrder = transpose(y, [1, 0, 2])
          const pieces = concat(
            range(n).map((j) => reshape(mul(z, j + 1), [T, draws, 1])),
            2
          )
          const step = (c: Value, [a, b, d]: ReadonlyArray<Value>, [w]: ReadonlyArray<Value>): Value => {
            const mixed = range(n).map((i) => mul(column(c, i), reshape(slice(w!, [0, i, 0], [draws, 1, n]), [draws, n])))
            const total = mixed.reduce(add)
            const m = bind("max", [total], { axes: [1] })
            return apply(
              "tanh",
              add(add(mul(total, 0.3 / n), mul(0.2, mul(a!, b!))), add(broadcastTo(reshape(m, [draws, 1]), [draws, n]), d!))
            )
          }
          const out = scan(step, first, [choice === 1 ? back(x, 0) : x, inOrder, pieces], [k])
          const before =
            T === 1 ? reshape(first, [1, draws, n]) : concat([reshape(first, [1, draws, n]), slice(out, [0, 0, 0], [T - 1, draws, n])], 0)
          return [out, mul(before, out), sum(out, [2]), transpose(out, [1, 0, 2]), ...grad(sumAll(mul(out, x)), [given, x, y, k, z])]
        }
      )
    }),
    { seed: 14, numRuns: 40 }
  )
})

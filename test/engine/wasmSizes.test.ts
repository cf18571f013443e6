/** Loops of every length: vectors, several at a time, and what is left over. */
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import { add, apply, bind, broadcastTo, concat, mul, reshape, select, slice, sum, transpose } from "../../src/graph/bind.ts"
import { dot } from "../../src/graph/primitive/product.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { Program, Shape } from "../../src/graph/types.ts"
import type { Value } from "../../src/graph/value.ts"
import { agree, run } from "./agree.ts"

const side = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(12, 15, 16, 17, 24, 31, 33, 40))
const shape = fc.array(side, { minLength: 1, maxLength: 3 })

test("elementwise operations with operands broadcast along any dimensions", () => {
  fc.assert(
    fc.property(shape, fc.nat(7), fc.nat(7), (s, p, q) => {
      const thin = (mask: number): Shape => s.map((d, i) => ((mask >> i) & 1 ? 1 : d))
      agree([s, thin(p), thin(q)], (x, y, z) => {
        const a = add(mul(x, y), z)
        const b = select(apply("greater", a, 0), apply("exp", apply("neg", a)), apply("tanh", x))
        return [a, b, mul(y, z), apply("sign", mul(b, y))]
      })
    }),
    { seed: 1, numRuns: 60 }
  )
})

test("what changes along some dimensions only, of one thin operand and of several", () => {
  fc.assert(
    fc.property(shape, fc.nat(7), fc.nat(7), (s, p, q) => {
      const thin = (mask: number): Shape => s.map((d, i) => ((mask >> i) & 1 ? 1 : d))
      agree([s, thin(p), thin(q)], (x, y, z) => {
        const [wideY, wideZ] = [broadcastTo(y, s), broadcastTo(z, s)]
        const few = apply("exp", mul(wideY, wideZ))
        const axes = [s.length - 1]
        return [few, add(few, x), sum(few, axes), transpose(apply("neg", wideY), range(s.length).toReversed())]
      })
    }),
    { seed: 6, numRuns: 40 }
  )
})

test("products and quotients guarded where a factor is 0, of what may be infinite there", () => {
  fc.assert(
    fc.property(shape, fc.boolean(), (s, thin) => {
      agree([s, thin ? s.map(() => 1) : s], (x, y) => {
        const g = apply("relu", x)
        const guard = (v: Value): Value => select(apply("equal", g, 0), 1, v)
        const singular = apply("reciprocal", apply("relu", add(x, 0)))
        return [
          mul(g, guard(singular)),
          bind("div", [g, guard(g)]),
          mul(g, guard(y)),
          mul(g, select(apply("equal", y, 0), 1, x)),
          mul(guard(x), g)
        ]
      })
    }),
    { seed: 7, numRuns: 30 }
  )
})

test("reductions along any dimensions, of values made on the way", () => {
  fc.assert(
    fc.property(shape, fc.nat(7), (s, mask) => {
      const axes = range(s.length).filter((d) => (mask >> d) & 1)
      agree([s], (x) => {
        const y = apply("tanh", x)
        const by = (op: string, v: Value): Value => (axes.length === 0 ? v : bind(op, [v], { axes }))
        return [by("sum", y), by("max", y), by("min", mul(x, y)), by("prod", y), by("sum", apply("greater", x, 0)), y]
      })
    }),
    { seed: 2, numRuns: 60 }
  )
})

test("long sums", () => {
  for (const [s, axes] of [
    [[5000], [0]],
    [[3, 1031], [1]],
    [[1031, 5], [0]],
    [[700, 33], [0]],
    [
      [40, 50, 7],
      [0, 1]
    ],
    [
      [9, 30, 31],
      [1, 2]
    ]
  ] as const) {
    agree([s], (x) => [sum(mul(x, x), axes), bind("max", [x], { axes })])
  }
})

test("sums over the rows of wide values that no near cache holds", () => {
  fc.assert(
    fc.property(fc.constantFrom(300, 511, 513, 1031), fc.integer({ min: 60, max: 300 }), fc.nat(3), (rows, columns, thin) => {
      const row: Shape = (thin & 1) === 0 ? [rows, columns] : [1, columns]
      agree([[rows, columns], row, (thin & 2) === 0 ? [1] : [rows, 1]], (x, y, z) => {
        const product = add(mul(x, y), z)
        return [sum(product, [0]), sum(apply("square", x), [0]), apply("relu", product)]
      })
    }),
    { seed: 8, numRuns: 12 }
  )
})

test("a sum of a million equal numbers in float32 errs by the roundings of sixteen at most", () => {
  const n = 2 ** 20
  const graph = newRecorder(undefined)
  const program = within(graph, (): Program => {
    const x = real(emit("input", [], { name: "x", shape: [n] }, "f32"))
    const rows = reshape(x, [n / 8, 8])
    return { graph, inputs: [{ node: x.id, name: "x" }], outputs: [sum(x, [0]).id, sum(rows, [0]).id] }
  })
  const [all, columns] = run(wasm(), program, { x: new Float32Array(n).fill(0.1) })
  const bound = 17 * 2 ** -24
  expect(Math.abs(all![0]! / (n * Math.fround(0.1)) - 1)).toBeLessThan(bound)
  for (const x of columns!) expect(Math.abs(x / ((n / 8) * Math.fround(0.1)) - 1)).toBeLessThan(bound)
})

test("views: transposed, sliced backwards, broadcast, reshaped, put together", () => {
  fc.assert(
    fc.property(shape, fc.nat(63), (s, choice) => {
      agree([s], (x) => {
        const k = choice % s.length
        const turned = transpose(x, [...range(s.length).slice(k), ...range(s.length).slice(0, k)])
        const back = s.map((_, d) => ((choice >> d) & 1) === 1)
        const some = slice(
          x,
          s.map((d, i) => (back[i] ? d - 1 : 0)),
          s.map((d) => Math.ceil(d / 2)),
          back.map((b, i) => (s[i]! > 2 ? 2 : 1) * (b ? -1 : 1))
        )
        const flat = reshape(turned, [sizeOf(s)])
        const put = bind("unslice", [some], {
          begin: some.shape.map(() => 1),
          stride: some.shape.map(() => 1),
          shape: some.shape.map((d) => d + 2)
        })
        const joined = concat([x, mul(x, 2), x], k)
        return [
          apply("neg", turned),
          some,
          mul(some, some),
          add(flat, 1),
          put,
          joined,
          slice(
            joined,
            s.map(() => 0),
            s
          ),
          broadcastTo(x, [3, ...s])
        ]
      })
    }),
    { seed: 3, numRuns: 60 }
  )
})

test("products of every shape, either factor turned, and what follows them", () => {
  const large = fc.oneof(side, fc.constantFrom(64, 100, 257, 300, 600))
  fc.assert(
    fc.property(large, large, large, fc.nat(3), fc.boolean(), (M, K, N, turn, many) => {
      fc.pre(M * K * N < 4e6)
      const batch = many ? [2] : []
      const [ta, tb] = [(turn & 1) === 1, (turn & 2) === 2]
      const a = ta ? [K, M] : [M, K]
      const b = tb ? [N, K] : [K, N]
      agree([[...batch, ...a], [...batch, ...b], [N]], (x, y, bias) => {
        const product = dot(x, y, ta, tb)
        const hidden = apply("relu", add(product, bias))
        const last = x.shape.length - 1
        const backwards = slice(
          x,
          x.shape.map((d, i) => (i === last ? d - 1 : 0)),
          x.shape,
          x.shape.map((_, i) => (i === last ? -1 : 1))
        )
        return [product, hidden, sum(hidden, [hidden.shape.length - 2]), dot(backwards, y, ta, tb)]
      })
    }),
    { seed: 4, numRuns: 50 }
  )
})

test("triangular systems of any size; what stands above the diagonal is not read", () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(63, 64, 65, 90, 130))
  fc.assert(
    fc.property(fc.constantFrom([], [2]), size, side, fc.boolean(), (batch, d, m, transposed) => {
      agree(
        [
          [...batch, d, d],
          [...batch, d, m]
        ],
        (x, right) => {
          const diagonal = Float64Array.from(range(d * d), (k) => (k % (d + 1) === 0 ? 2 : 0))
          const factor = add(mul(apply("tanh", x), 1 / d), real(emit("constant", [], { shape: [d, d], value: diagonal }, "f32")))
          const above = Float64Array.from(range(d * d), (k) => (k % d > Math.floor(k / d) ? NaN : 0))
          const poisoned = add(factor, real(emit("constant", [], { shape: [d, d], value: above }, "f32")))
          return [bind("triangularSolve", [poisoned, right], { transposed }), bind("triangularSolve", [factor, right], { transposed })]
        }
      )
    }),
    { seed: 6, numRuns: 40 }
  )
})

test("integers", () => {
  fc.assert(
    fc.property(shape, (s) => {
      agree(
        [s, s],
        (x, y) => [
          add(x, y),
          mul(x, y),
          apply("maximum", x, y),
          select(apply("less", x, y), x, 7),
          bind("cast", [x], { to: "f32" }),
          bind("sum", [x], { axes: [0] }),
          bind("mod", [x, y])
        ],
        "i32"
      )
    }),
    { seed: 5, numRuns: 30 }
  )
})

test("nothing: reductions of it, and what is made with it", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1, 3), { minLength: 1, maxLength: 3 }), fc.constantFrom("f32", "i32"), (s, dtype) => {
      fc.pre(s.includes(0))
      agree(
        [s],
        (x) => {
          const reduced = ["sum", "prod", "max", "min"].flatMap((op) =>
            range(s.length).flatMap((d) => {
              const y = bind(op, [x], { axes: [d] })
              return [y, apply("maximum", y, y)]
            })
          )
          const whole = bind("prod", [x], { axes: range(s.length) })
          return [...reduced, whole, add(whole, whole), concat([x, x], 0), transpose(x, range(s.length).toReversed())]
        },
        dtype
      )
    }),
    { seed: 9, numRuns: 40 }
  )
})

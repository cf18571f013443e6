/** `float64` and `float32` in models of a float32 engine. */
import "@tensorflow/tfjs-backend-cpu"
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { beforeAll, describe, expect, test } from "vitest"
import type { Engine } from "../../src/engine/engine.ts"
import { reference } from "../../src/engine/reference/reference.ts"
import { tfjsEngine } from "../../src/engine/tfjs/tfjs.ts"
import { wasm } from "../../src/engine/wasm/wasm.ts"
import type { NDArray, TypedArray } from "../../src/graph/types.ts"
import { cholesky, float32, float64, lgamma, scan, sort, triangularSolve } from "../../src/math/index.ts"
import { enter, leave, newAxis, sumOver, under } from "../../src/trace/axes.ts"
import { gradient, placeholder, programOf, trace } from "../../src/trace/trace.ts"
import { differentiate } from "../support/gradients.ts"
import { normals } from "../support/numbers.ts"

beforeAll(() => tf.setBackend("cpu"))

type Traced = (x: tf.Tensor) => tf.Tensor

/** The value of a traced f at float32 numbers, and the gradient of its sum. */
const on = async (engine: Engine, f: Traced, x: Float32Array): Promise<readonly [TypedArray, TypedArray]> => {
  const { result: program } = trace(() => {
    const input = placeholder("x", [x.length])
    const y = f(input)
    return programOf([y, ...gradient(tf.sum(y), [input])])
  })
  const outputs = Effect.scoped(Effect.flatMap(engine.compile(program), (e) => e.run({ x })))
  return (await Effect.runPromise(outputs)) as never
}

const worst = (got: TypedArray, expected: TypedArray): number =>
  Math.max(...Array.from(expected, (e, i) => Math.abs(got[i]! - e) / Math.max(1, Math.abs(e))))

const numbers = (n: number, offset = 0): Float32Array => Float32Array.from(normals(3, n), (z) => offset + z)

describe("what cancels in float32 and not in float64", () => {
  /** With the largest number on the way beside the result, and the number of terms. */
  const cases: ReadonlyArray<readonly [string, Traced, Float32Array, number]> = [
    ["a variance as a difference", (x) => tf.sub(tf.mean(tf.square(x)), tf.square(tf.mean(x))), numbers(1000, 3000), 3000 ** 2 * 1000],
    ["log Σ exp far from 0", (x) => tf.sub(tf.logSumExp(tf.add(x, 1e7)), 1e7), numbers(50), 1e7 * 50],
    [
      "a nearly singular covariance",
      (x) => {
        const covariance = tf.add(tf.mul(tf.expandDims(x, 1), x), tf.mul(1e-8, tf.eye(x.size)))
        return tf.sum(tf.log(tf.sum(tf.mul(tf.eye(x.size), cholesky(covariance)), 1)))
      },
      numbers(6),
      1e8 * 6
    ]
  ]
  test.each(cases)("%s", async (_, f, x, condition) => {
    const [exact, slope] = await on(reference(), f, x)
    const [rounded] = await on(wasm(), f, x)
    const [cured, gradient] = await on(wasm(), (v) => f(float64(v)), x)
    expect(worst(rounded, exact)).not.toBeLessThan(1e-2)
    expect(cured).toBeInstanceOf(Float64Array)
    expect(worst(cured, exact)).toBeLessThan(condition * 2 ** -53)
    expect(gradient).toBeInstanceOf(Float32Array)
    const largest = Math.max(...slope.map(Math.abs))
    gradient.forEach((g, i) => expect(Math.abs(g - slope[i]!)).toBeLessThan(largest * (2 ** -24 + condition * 2 ** -53)))
  })
})

describe("tfjs, which takes float64 for float32, leaves it as it is", () => {
  const kernels: Readonly<Record<string, Traced>> = {
    "mean, moments": (x) => tf.add(tf.mean(x), tf.moments(x).variance),
    "with integers": (x) => tf.mul(x, tf.range(0, x.size, 1, "int32")),
    "cast to float32": (x) => tf.cast(tf.asin(tf.tanh(x)), "float32"),
    "a literal": (x) => tf.mul(tf.add(x, 0.1), tf.tensor1d([0.7])),
    "where, clip, step": (x) => tf.where(tf.greater(x, 0), tf.clipByValue(x, -0.3, 0.7), tf.add(x, tf.step(x))),
    "stack, gather, reverse, pad": (x) =>
      tf.gather(tf.pad(tf.reverse(tf.stack([x, tf.mul(0.5, tf.ones([6]))])), [[0, 0], [1, 1]]), [2, 4, 0], 1), // prettier-ignore
    "joined with float32": (x) => tf.concat([x, tf.fill([2], 0.3)]),
    "cumsum, cumprod": (x) => tf.add(tf.cumsum(x), tf.cumprod(x, 0)),
    products: (x) => tf.einsum("ij,jk->ik", tf.reshape(x, [2, 3]), tf.matMul(tf.reshape(x, [3, 2]), tf.reshape(x, [2, 3]))),
    softmax: (x) => tf.add(tf.softmax(x), tf.logSoftmax(x)),
    "batch normalisation": (x) => tf.batchNorm(tf.reshape(x, [3, 2]), tf.tensor1d([0.1, 0.2]), tf.tensor1d([1.3, 0.7])),
    "own functions": (x) => tf.add(sort(x), lgamma(tf.add(tf.abs(x), 0.1))),
    solve: (x) =>
      triangularSolve(tf.add(tf.mul(4, tf.eye(3)), tf.tanh(tf.reshape(tf.concat([x, tf.slice(x, 0, 3)]), [3, 3]))), tf.ones([3, 1])),
    scatter: (x) => tf.scatterND(tf.tensor2d([[0], [2], [0], [3], [1], [2]], [6, 1], "int32"), x, [4])
  }
  test.each(Object.entries(kernels))("%s", async (_, f) => {
    const x = numbers(6)
    const [exact, slope] = await on(reference(), (v) => f(float64(v)), x)
    const [got, gradient] = await on(wasm(), (v) => f(float64(v)), x)
    expect(got).toBeInstanceOf(Float64Array)
    expect(worst(got, exact)).toBeLessThan(1e-12)
    expect(worst(gradient, slope)).toBeLessThan(2 ** -24 + 1e-12)
  })
})

describe("precision of single values", () => {
  test("float32 rounds: what it took away is there to see", async () => {
    const rest: Traced = (x) => {
      const third = tf.div(float64(x), 3)
      return tf.sub(third, float32(third))
    }
    const x = Float32Array.of(1, 2, 5, 7, 11)
    const expected = [...x].map((v) => v / 3 - Math.fround(v / 3))
    expect([...(await on(wasm(), rest, x))[0]]).toEqual(expected)
  })

  test("numbers and arrays come as they are", async () => {
    const data = [1e9 + 0.1, 0.7]
    const f: Traced = (x) => tf.add(tf.sub(float64(data), float64(1e9)), tf.mul(x, 0))
    expect([...(await on(wasm(), f, Float32Array.of(1, 1)))[0]]).toEqual([1e9 + 0.1 - 1e9, 0.7 - 1e9])
    // beside the same array in float32
    const both: Traced = (x) => tf.mul(tf.sub(float64(data), tf.mul(x, data)), 1)
    expect([...(await on(wasm(), both, Float32Array.of(1, 1)))[0]]).toEqual(data.map((v) => v - Math.fround(v)))
  })

  test("under plates, sums of their rows too", async () => {
    const n = 40
    const spread: Traced = (x) => {
      const plate = newAxis("rows", n)
      return under(plate, () => {
        const row = float64(enter(x, plate))
        const centred = leave(tf.sub(row, tf.div(sumOver(row, plate), n)), plate)
        return tf.sub(sumOver(tf.square(row), plate), tf.mul(tf.sum(tf.square(centred)), 1))
      })
    }
    const x = numbers(n, 5000)
    const [exact] = await on(reference(), spread, x)
    expect(worst((await on(wasm(), spread, x))[0], exact)).toBeLessThan(1e-12)
  })

  test("gradients are those of the same function without it", () => {
    const x: NDArray = { shape: [4], data: Float64Array.from(normals(8, 4)) }
    const mixed = (a: tf.Tensor): tf.Tensor => {
      const wide = float64(tf.sin(a))
      const back = float32(tf.mul(wide, tf.exp(a)))
      return tf.sum(tf.where(tf.greater(back, 0), tf.mul(back, wide), tf.mul(a, tf.softplus(wide))))
    }
    const { error } = differentiate(mixed as never, [x])
    expect(error()).toBeLessThan(1e-7)
  })

  test("outside a model it is x", () => {
    const x = tf.tensor1d([1, 2])
    expect(float64(x)).toBe(x)
    expect(float32(x)).toBe(x)
    expect([...float64([0.5, 2]).dataSync()]).toEqual([0.5, 2])
  })

  test("the tfjs engine computes it in float32", async () => {
    const x = numbers(5)
    const f: Traced = (v) => tf.exp(tf.mul(float64(v), 0.1))
    const [exact, slope] = await on(reference(), f, x)
    const [got, gradient] = await on(tfjsEngine({ backend: "cpu" }), f, x)
    expect(worst(got, exact)).toBeLessThan(1e-6)
    expect(worst(gradient, slope)).toBeLessThan(1e-6)
  })
})

describe("scans", () => {
  interface Carry {
    readonly [name: string]: tf.Tensor
  }
  const x = Float32Array.from({ length: 200 }, (_, i) => 1 + (i % 7) / 1024)

  test("a carry in float64", async () => {
    const f: Traced = (v) => scan((s, r) => tf.add(s, tf.mul(tf.sin(s), r)), float64(0.1), v)
    const [exact, slope] = await on(reference(), f, x)
    const [got, gradient] = await on(wasm(), f, x)
    expect(got).toBeInstanceOf(Float64Array)
    expect(worst(got, exact)).toBeLessThan(1e-12)
    expect(worst(gradient, slope)).toBeLessThan(2 ** -22)
  })

  test("each part of a carry keeps its own precision", async () => {
    const f = (part: "s" | "n"): Traced => {
      return (v) =>
        scan(
          ({ s }: Carry, r: tf.Tensor): Carry => ({ s: tf.add(s!, tf.div(float64(r), 3)), n: tf.sub(tf.add(r, 1e6), 1e6) }),
          { s: float64(0), n: tf.zeros([]) },
          v
        )[part]!
    }
    const [sums] = await on(wasm(), f("s"), x)
    let total = 0
    expect([...sums]).toEqual([...x].map((r) => (total += r / 3)))
    const [rounded] = await on(wasm(), f("n"), x)
    expect(rounded).toBeInstanceOf(Float32Array)
    expect([...rounded]).toEqual([...x].map((r) => Math.fround(Math.fround(r + 1e6) - 1e6)))
    const [, slope] = await on(reference(), f("s"), x)
    expect(worst((await on(wasm(), f("s"), x))[1], slope)).toBeLessThan(2 ** -23)
  })

  test("what goes on in float64 begins so, with all that depends on it", async () => {
    const f: Traced = (v) => {
      const begin = { s: tf.zeros([]), t: tf.zeros([]), n: tf.zeros([]) }
      const all = scan(({ s, t, n }: Carry, r: tf.Tensor) => ({ s: tf.add(s!, t!), t: tf.div(float64(r), 3), n: tf.add(n!, r) }), begin, v)
      return tf.concat([all["s"]!, float64(all["n"]!)])
    }
    const [got] = await on(wasm(), f, x)
    let [s, t, n] = [0, 0, 0]
    const sums = [...x].map((r) => ([s, t] = [s + t, r / 3])[0])
    expect([...got]).toEqual([...sums, ...[...x].map((r) => (n = Math.fround(n + r)))])
  })
})

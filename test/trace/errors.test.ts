/** What can't be recorded is a TraceError that names it and says what to do; and nothing is left behind, whatever happens. */
import "@tensorflow/tfjs"
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, test } from "vitest"
import { cholesky, scan } from "../../src/math/index.ts"
import { checkedTrace } from "../../src/trace/checkedTrace.ts"
import { enter, newAxis, under } from "../../src/trace/axes.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { asTensor } from "../../src/trace/tensor.ts"
import { placeholder, programOf, trace, withOrigin } from "../../src/trace/trace.ts"
import { seededNormals } from "./seeded.ts"

beforeAll(() => tf.setBackend("cpu"))

const errorOf = (f: () => unknown): { readonly _tag: string; readonly message: string } => {
  try {
    f()
  } catch (e) {
    return e as { readonly _tag: string; readonly message: string }
  }
  throw new Error("it did not throw")
}

const x = (): tf.Tensor => placeholder("x", [3])
const scalar = (): tf.Tensor => placeholder("s", [])
/** The source of randomness that a model must not use. */
const host: { readonly random: () => number } = Math
/** A tensor where tfjs's types ask for a number. */
const asNumber = (t: tf.Tensor): number => t as unknown as number

const refused: ReadonlyArray<readonly [string, () => unknown, RegExp]> = [
  ["a value that is read", () => x().dataSync(), /dataSync: the value of a traced tensor is not known.*tf\.where/],
  ["an array that is read", () => x().arraySync(), /not known while a model is recorded/],
  ["a tensor that is printed", () => x().print(), /not known while a model is recorded/],
  ["x > 0 in JavaScript", () => asNumber(scalar()) > 0, /Decide with tf\.where instead of JavaScript/],
  ["arithmetic in JavaScript", () => asNumber(scalar()) * 2, /not known while a model is recorded/],
  ["a template literal", () => `${scalar().toString()}`, /not known while a model is recorded/],
  ["tf.tensor of a traced tensor", () => tf.tensor([asNumber(scalar())]), /tensor: an array of traced tensors.*tf\.stack/],
  ["tf.tensor1d of a traced tensor", () => tf.tensor1d([1, asNumber(scalar())]), /tensor: an array of traced tensors.*tf\.stack/],
  [
    "a kernel that is not known",
    () => tf.image.resizeBilinear(placeholder("image", [2, 2, 1]) as tf.Tensor3D, [4, 4]),
    /ResizeBilinear: .*not known to pushforward/
  ],
  ["tf.unique", () => tf.unique(x()), /Unique: .*not known to pushforward/],
  ["tf.fill with a tensor", () => tf.fill([2], asNumber(scalar())), /Fill: its argument "value" must be a number/],
  ["leakyRelu with a tensor", () => tf.leakyRelu(x(), asNumber(scalar())), /LeakyRelu: its argument "alpha" must be a number/],
  ["pad with a tensor", () => tf.pad(x(), [[1, 1]], asNumber(scalar())), /PadV2: its argument "constantValue" must be a number/],
  ["clipByValue with a tensor", () => tf.clipByValue(x(), asNumber(scalar()), 9), /not known while a model is recorded|clipValueMin/],
  ["slice at a tensor", () => tf.slice(x(), [asNumber(scalar())], [1]), /not known while a model is recorded|begin/],
  ["range to a tensor", () => tf.range(0, asNumber(scalar())), /not known while a model is recorded|stop/],
  ["Math.random", () => host.random(), /randomness outside a site/],
  ["tf.randomNormal", () => tf.randomNormal([3]), /randomness outside a site/],
  ["tf.dropout", () => tf.dropout(x(), 0.5), /randomness outside a site/],
  ["tf.randomGamma", () => tf.randomGamma([2], 1), /randomness outside a site/],
  ["strings", () => tf.concat([tf.tensor(["a"]), tf.tensor(["b"])]), /dtype string can't be used/],
  ["a placeholder asked for twice", () => [x(), x()], /two inputs named "x"/],
  ["a trace inside a trace", () => trace(() => 1), /a trace was started inside another one/]
]

describe("errors while recording", () => {
  test.each(refused)("%s", (_, f, message) => {
    const error = errorOf(() => trace(f))
    expect(error._tag).toBe("TraceError")
    expect(error.message).toMatch(message)
  })

  test.each(["data", "array"] as const)("%s() rejects", async (method) => {
    const promise = trace(() => x()[method]()).result as Promise<unknown>
    await expect(promise).rejects.toMatchObject({ _tag: "TraceError" })
  })

  test("a value used outside its plate is named with the plate", () => {
    const error = errorOf(() =>
      trace(() => {
        const schools = newAxis("school", 3)
        const rows = x()
        const row = under(schools, () => tf.exp(enter(rows, schools)))
        return tf.add(row, 1)
      })
    )
    expect(error).toMatchObject({ _tag: "TraceError" })
    expect(error.message).toMatch(/varies over "school" was used outside it.*Return it from "school"/)
  })

  test("a tensor used after its trace, or in another one", () => {
    const { result } = trace(x)
    expect(errorOf(() => trace(() => tf.exp(result))).message).toMatch(/outside the function it was recorded in/)
    const escaped = errorOf(() =>
      trace(() => {
        let inside: tf.Tensor = x()
        scan((c: tf.Tensor) => (inside = tf.exp(c)), tf.zeros([3]), tf.zeros([2]))
        return tf.exp(inside)
      })
    )
    expect(escaped.message).toMatch(/outside the function it was recorded in/)
  })

  test("rows that are not as many as the plate's", () => {
    const error = errorOf(() => trace(() => enter(x(), newAxis("school", 8))))
    expect(error).toMatchObject({
      _tag: "ShapeError",
      message: expect.stringMatching(/plate "school": expected shape \[8, …\], got \[3\]/)
    })
  })

  test("shapes that do not fit carry both", () => {
    expect(errorOf(() => trace(() => tf.add(x(), tf.zeros([2])))).message).toMatch(/3.*2/)
    expect(errorOf(() => trace(() => cholesky(x()))).message).toMatch(/cholesky: expected shape square matrices.*got \[3\]/)
  })

  test("two copies of tfjs-core", () => {
    const globals = (globalThis as unknown as { _tfGlobals: Map<string, unknown> })._tfGlobals
    const tensor = globals.get("Tensor")
    globals.set("Tensor", class Tensor {})
    try {
      expect(errorOf(() => trace(x)).message).toMatch(/two copies of @tensorflow\/tfjs-core.*deduplicate/)
    } finally {
      globals.set("Tensor", tensor)
    }
  })
})

describe("tracing leaves nothing behind", () => {
  const program = () => {
    const eager = tf.tensor1d([1, 2, 3])
    const used = trace(() => programOf([tf.sum(tf.mul(tf.exp(x()), eager))]))
    eager.dispose()
    return used
  }

  test("no tensors and no data in tfjs, on success or failure", () => {
    program()
    const before = tf.memory()
    program()
    for (const [, f] of refused) errorOf(() => trace(f))
    errorOf(() =>
      trace(() =>
        tf.tidy(() => {
          x()
          throw new Error("thrown by a model")
        })
      )
    )
    const after = tf.memory()
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers])
  })

  test("the backend and Math.random are as before, after a throw too", () => {
    const { random } = host
    errorOf(() => trace(() => x().dataSync()))
    expect(tf.getBackend()).toBe("cpu")
    expect(host.random).toBe(random)
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3)
    expect(trace(() => tf.exp(x()).shape).result).toEqual([3])
  })

  test("data that a model reads is copied, not consumed", () => {
    const eager = tf.tensor1d([1, 2, 3])
    const { recorder } = trace(() => tf.exp(eager))
    expect([...recorder.inputs[0]!.data!]).toEqual([1, 2, 3])
    expect([...eager.dataSync()]).toEqual([1, 2, 3])
    eager.dispose()
  })
})

describe("checkedTrace", () => {
  const site = (f: () => unknown) => errorOf(() => checkedTrace(() => withOrigin('site "mu"', f)))

  test("passes what is the same twice, and gives it", () => {
    const data = [1, 2, 3]
    const { result } = checkedTrace(() => {
      const axis = newAxis("particle", 4)
      return under(axis, () => {
        const noise = noiseStream("eps")
        const walk = scan((c: tf.Tensor, r: tf.Tensor) => tf.add(tf.add(c, noise.normal([])), r), tf.scalar(0), asTensor(data))
        return tf.sum(tf.mul(walk, tf.tensor1d([NaN, -0, Infinity]))).shape
      })
    })
    expect(result).toEqual([])
  })

  test.each<readonly [string, () => unknown]>([
    [
      "a counter",
      (() => {
        let t = 0
        return () => tf.mul(x(), ++t)
      })()
    ],
    [
      "a schedule in a scan",
      (() => {
        let t = 0
        return () => scan((c: tf.Tensor) => tf.mul(c, ++t), x(), tf.zeros([2]))
      })()
    ],
    ["seeded numbers in a tensor", () => tf.add(x(), tf.tensor1d(seededNormals(3)))],
    ["seeded numbers as data", () => tf.add(x(), asTensor(seededNormals(3)))],
    [
      "a branch on outside state",
      (() => {
        let t = 0
        return () => (t++ % 2 === 0 ? tf.exp(x()) : tf.log(x()))
      })()
    ],
    [
      "more operations",
      (() => {
        let t = 0
        return () => {
          for (let i = 0; i < t; i++) tf.exp(x())
          t++
        }
      })()
    ]
  ])("names the site of %s", (_, f) => {
    const error = site(f)
    expect(error._tag).toBe("TraceError")
    expect(error.message).toMatch(/site "mu" \(\w+\): .*not the same.*randomness or on state outside the model/)
  })
})

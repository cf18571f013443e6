import * as tf from "@tensorflow/tfjs-core"
import "@tensorflow/tfjs-backend-cpu"
import { describe, expect, test } from "vitest"
import type { Bijector } from "../../src/bijector/bijector.ts"
import { interval, positive } from "../../src/constraint/index.ts"
import type { NDArray } from "../../src/graph/types.ts"
import * as L from "../../src/learnable/index.ts"
import { keyOf } from "../../src/random/key.ts"
import { enter, leave, newAxis, under } from "../../src/trace/axes.ts"
import { evaluate } from "../../src/trace/evaluate.ts"
import { gradient } from "../../src/trace/trace.ts"
import { holdsAt, roundTrip } from "../bijector/support.ts"
import { normals } from "../support/numbers.ts"

const array = (shape: ReadonlyArray<number>, values: ArrayLike<number>): NDArray => ({ shape, data: Float64Array.from(values) })
const random = (seed: number, ...shape: ReadonlyArray<number>) =>
  array(
    shape,
    normals(
      seed,
      shape.reduce((a, b) => a * b, 1)
    )
  )

/** Parameters away from the start. */
const shaken = (params: L.Params, by: number): L.Params =>
  L.unflatten(
    params,
    normals(9, L.sizeOfTree(params)).map((v, i) => L.flatten(params)[i]! + by * v)
  )

/** The first of `tensors` in the places of the leaves of `params`. */
const treeOf = (params: L.Params, tensors: ReadonlyArray<tf.Tensor>): L.TensorParams => {
  const at = new Map(L.leaves(params).map(({ path }, i) => [path, tensors[i]!]))
  return L.mapTree(params, (_, path): L.TensorParams => at.get(path)!)
}

/** Evaluates with the parameters, and then the inputs, as traced tensors. */
const withParams = (
  params: L.Params,
  inputs: ReadonlyArray<NDArray>,
  f: (params: L.TensorParams, ...inputs: ReadonlyArray<tf.Tensor>) => ReadonlyArray<tf.Tensor>
) => {
  const all = L.leaves(params)
  return evaluate((...tensors) => f(treeOf(params, tensors), ...tensors.slice(all.length)), [...all.map((l) => l.value), ...inputs])
}

const tril = [
  [2, 0, 0],
  [-1, 0.5, 0],
  [30, 4, 100]
]
const hidden = [8]

/** Everything that builds a bijector of `size`, with a context of `context` where it takes one. */
const cases: ReadonlyArray<{
  name: string
  learnable: L.Learnable<Bijector, L.FlowContext>
  size: number
  context?: number
  start?: (x: ReadonlyArray<number>) => ReadonlyArray<number>
}> = [
  { name: "affine coupling", learnable: L.learnableAffineCoupling({ size: 5, hidden }), size: 5 },
  {
    name: "affine coupling of the first",
    learnable: L.learnableAffineCoupling({ size: 5, hidden, transform: "first", activation: "silu" }),
    size: 5
  },
  { name: "affine coupling of one", learnable: L.learnableAffineCoupling({ size: 1 }), size: 1 },
  { name: "affine coupling given a context", learnable: L.learnableAffineCoupling({ size: 3, hidden, context: 2 }), size: 3, context: 2 },
  {
    name: "affine coupling of one given a context",
    learnable: L.learnableAffineCoupling({ size: 1, hidden, context: 2 }),
    size: 1,
    context: 2
  },
  { name: "spline coupling", learnable: L.learnableSplineCoupling({ size: 4, hidden, activation: "tanh" }), size: 4 },
  { name: "spline coupling of one", learnable: L.learnableSplineCoupling({ size: 1, bins: 5 }), size: 1 },
  {
    name: "spline coupling given a context",
    learnable: L.learnableSplineCoupling({ size: 3, split: 2, hidden, context: 4, bins: 4 }),
    size: 3,
    context: 4
  },
  { name: "additive coupling", learnable: L.learnableAdditiveCoupling({ size: 3, hidden, context: 2 }), size: 3, context: 2 },
  { name: "masked autoregressive", learnable: L.learnableMaskedAutoregressive({ size: 4, hidden }), size: 4 },
  {
    name: "inverse autoregressive, given a context, by splines",
    learnable: L.learnableInverseAutoregressive({ size: 3, hidden, context: 2, transform: "spline", bins: 4 }),
    size: 3,
    context: 2
  },
  { name: "planar", learnable: L.learnablePlanar({ size: 3 }), size: 3 },
  { name: "planar given a context", learnable: L.learnablePlanar({ size: 3, hidden, context: 2 }), size: 3, context: 2 },
  { name: "radial", learnable: L.learnableRadial({ size: 3 }), size: 3 },
  { name: "radial given a context", learnable: L.learnableRadial({ size: 2, hidden, context: 2 }), size: 2, context: 2 },
  { name: "spline", learnable: L.learnableSpline({ size: 2 }), size: 2 },
  { name: "spline given a context", learnable: L.learnableSpline({ size: 2, hidden, context: 3 }), size: 2, context: 3 },
  { name: "leaky ReLU", learnable: L.learnableLeakyReLU({ size: 3 }), size: 3 },
  { name: "linear", learnable: L.learnableLinear({ size: 3 }), size: 3 },
  { name: "linear given a context", learnable: L.learnableLinear({ size: 3, hidden, context: 2 }), size: 3, context: 2 },
  {
    name: "actnorm",
    learnable: L.learnableActnorm([
      [1, 200],
      [3, 400]
    ]),
    size: 2,
    start: ([a, b]) => [2 + a!, 300 + 100 * b!]
  },
  {
    name: "elementwise affine",
    learnable: L.learnableElementwiseAffine({ shift: [1, 2], scale: 0.5 }),
    size: 2,
    start: ([a, b]) => [1 + a! / 2, 2 + b! / 2]
  },
  {
    name: "triangular affine",
    learnable: L.learnableTriangularAffine({ shift: [1, 2, 3], scaleTril: tril }),
    size: 3,
    start: ([a, b, c]) => [1 + 2 * a!, 2 - a! + b! / 2, 3 + 30 * a! + 4 * b! + 100 * c!]
  },
  {
    name: "triangular affine of one",
    learnable: L.learnableTriangularAffine({ shift: [7], scaleTril: [[3]] }),
    size: 1,
    start: ([a]) => [7 + 3 * a!]
  },
  {
    name: "sequence",
    learnable: L.sequence<L.FlowContext>([
      L.learnableAffineCoupling({ size: 3, hidden, context: 2 }),
      L.learnableSplineCoupling({ size: 3, hidden, context: 2, transform: "first" }),
      L.learnableAffineCoupling({ size: 3, hidden }),
      L.learnableElementwiseAffine({ shift: [0, 0, 0], scale: 1 })
    ]),
    size: 3,
    context: 2
  }
]

describe.each(cases)("$name", ({ learnable, size, context, start = (x) => x }) => {
  const x = random(2, size)
  const given = context === undefined ? [] : [random(3, context)]
  const inputs = [x, ...given]
  const built = (params: L.TensorParams, c: tf.Tensor | undefined): Bijector => learnable.build(params, c)

  test("starts where it says, the same for equal keys", () => {
    const params = learnable.init(keyOf(4))
    expect(learnable.init(keyOf(4))).toEqual(params)
    const [y] = withParams(params, inputs, (p, point, c) => [built(p, c).forward(point!).value])
    start([...x.data]).forEach((v, i) => expect(Math.abs(y!.data[i]! - v)).toBeLessThan(0.02))
  })

  test("away from the start it is a bijector, and no longer what it was", () => {
    const params = shaken(learnable.init(keyOf(4)), 0.5)
    const all = L.leaves(params)
    const make = (...tensors: ReadonlyArray<tf.Tensor>): Bijector => built(treeOf(params, tensors), tensors[all.length])
    const c = { name: learnable.name, make, parameters: [...all.map((l) => l.value), ...given] }
    holdsAt(c, x.data)
    expect(roundTrip(c, x.data).value.some((v, i) => Math.abs(v - start([...x.data])[i]!) > 1e-3)).toBe(true)
  })

  test("at the start every parameter gets a gradient, by density and by draw", () => {
    const params = learnable.init(keyOf(4))
    const several = Array.from({ length: 6 }, (_, i) => random(20 + i, size))
    const gradients = withParams(params, [...given, ...several], (p, ...rest) => {
      const points = rest.slice(given.length)
      const leaves = L.leaves(p).map((l) => l.value)
      const bijector = built(p, context === undefined ? undefined : rest[0])
      const total = (terms: ReadonlyArray<tf.Tensor>): tf.Tensor => terms.reduce((a, b) => tf.add(a, b))
      const byDraw = total(points.map((z) => tf.sum(tf.sin(bijector.forward(z).value))))
      const byDensity = total(
        points.map((z) => {
          const { value, logDet } = bijector.inverse(z)
          return tf.sub(logDet, tf.mul(tf.sum(tf.square(value)), 0.5))
        })
      )
      return [...gradient(byDraw, leaves), ...gradient(byDensity, leaves)]
    })
    L.leaves(params).forEach(({ path }, i) => {
      for (const g of [gradients[i]!, gradients[i + gradients.length / 2]!]) {
        expect(g.data.every(Number.isFinite), path).toBe(true)
        expect(
          g.data.some((v) => v !== 0),
          path
        ).toBe(true)
      }
    })
  })

  test("particles on a hidden axis are what one draw after the other is", () => {
    const params = shaken(learnable.init(keyOf(4)), 0.3)
    const n = 5
    const rows = random(8, n, size)
    const [together, logDets] = withParams(params, [rows, ...given], (p, all, c) => {
      const axis = newAxis("particle", n)
      return under(axis, () => {
        const out = built(p, c).forward(enter(all!, axis))
        return [leave(out.value, axis), leave(out.logDet, axis)]
      })
    })
    for (let i = 0; i < n; i++) {
      const one = array([size], rows.data.slice(i * size, (i + 1) * size))
      const [y, logDet] = withParams(params, [one, ...given], (p, point, c) => {
        const out = built(p, c).forward(point!)
        return [out.value, out.logDet]
      })
      y!.data.forEach((v, j) => expect(together!.data[i * size + j]).toBeCloseTo(v, 12))
      expect(logDets!.data[i]).toBeCloseTo(logDet!.data[0]!, 12)
    }
  })
})

describe("conditioning", () => {
  test("at a fixed context a conditional coupling is the unconditional one with the context in its bias", () => {
    for (const make of [L.learnableAffineCoupling, L.learnableSplineCoupling]) {
      const options = { size: 4, hidden: [6], outputScale: 1 }
      const conditional = make({ ...options, context: 3 })
      const network = (conditional.init(keyOf(1)) as { network: Record<string, NDArray> }).network
      const c = [0.3, -1, 2]
      const { "context weight": weight, ...rest } = network
      const bias = Array.from(network["bias 1"]!.data, (b, j) => b + c.reduce((s, v, i) => s + v * weight!.data[i * 6 + j]!, 0))
      const x = random(1, 4)
      const [a] = withParams({ network }, [x, array([3], c)], (p, point, context) => [conditional.build(p, context).forward(point!).value])
      const [b] = withParams({ network: { ...rest, "bias 1": array([6], bias) } }, [x], (p, point) => [
        make(options).build(p).forward(point!).value
      ])
      a!.data.forEach((v, i) => expect(v).toBeCloseTo(b!.data[i]!, 12))
      expect(a!.data.some((v, i) => Math.abs(v - x.data[i]!) > 0.01)).toBe(true)
    }
  })

  test("a context that is missing or of another length is an error", () => {
    const coupling = L.learnableAffineCoupling({ size: 2, context: 3, hidden: [2] })
    const params = L.mapTree(coupling.init(keyOf(1)), (l): L.TensorParams => tf.tensor(Float32Array.from(l.data), [...l.shape]))
    expect(() => coupling.build(params).forward(tf.zeros([2]))).toThrow("context: expected a tensor of shape [3], got none")
    expect(() => coupling.build(params, tf.zeros([2])).forward(tf.zeros([2]))).toThrow("expected a tensor of shape [3], got [2]")
  })
})

describe("the affine coupling's scale", () => {
  test("keeps a gradient however far its network goes, and neither direction overflows", () => {
    const coupling = L.learnableAffineCoupling({ size: 1 })
    for (const raw of [-300, -20, -5, 0, 5, 20, 300]) {
      const [logDet, slope, back] = withParams({ raw: array([2], [0, raw]) }, [array([1], [1])], (p, x) => {
        const out = coupling.build(p).forward(x!)
        return [out.logDet, gradient(out.logDet, [L.leaves(p)[0]!.value])[0]!, coupling.build(p).inverse(x!).value]
      })
      expect(Math.abs(logDet!.data[0]!)).toBeLessThanOrEqual(5)
      expect(slope!.data[1]).toBeGreaterThan(1e-6)
      expect(slope!.data[1]).toBeCloseTo((1 + (raw / 5) ** 2) ** -1.5, 12)
      expect(back!.data[0]).toBeCloseTo(Math.exp(-logDet!.data[0]!), 9)
    }
  })
})

test("the triangular affine learns in whitened coordinates: y = shift + L (b + A x)", () => {
  const learnable = L.learnableTriangularAffine({ shift: [1, 2, 3], scaleTril: tril })
  const params = {
    shift: array([3], [0.1, 0.2, 0.3]),
    "log diagonal": array([3], [0.5, -0.5, 1]),
    "below diagonal": array([3], [2, -1, 4])
  }
  const x = [0.3, -2, 1]
  const A = [
    [Math.exp(0.5), 0, 0],
    [2, Math.exp(-0.5), 0],
    [-1, 4, Math.exp(1)]
  ]
  const times = (m: ReadonlyArray<ReadonlyArray<number>>, v: ReadonlyArray<number>) =>
    m.map((row) => row.reduce((s, a, j) => s + a * v[j]!, 0))
  const expected = times(
    tril,
    times(A, x).map((v, i) => v + 0.1 * (i + 1))
  ).map((v, i) => v + i + 1)
  const [y, logDet] = withParams(params, [array([3], x)], (p, point) => {
    const out = learnable.build(p).forward(point!)
    return [out.value, out.logDet]
  })
  y!.data.forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 12))
  expect(logDet!.data[0]).toBeCloseTo(Math.log(100) + 1, 12)
})

describe("mlp", () => {
  test("is the sum it says", () => {
    const network = L.mlp({ inputs: 2, outputs: 1, hidden: [3], activation: "tanh" })
    const params = network.init(keyOf(2)) as Record<string, NDArray>
    const w = (name: string, i: number): number => params[name]!.data[i]!
    const x = [0.4, -1.3]
    const h = [0, 1, 2].map((j) => Math.tanh(x[0]! * w("weight 1", j) + x[1]! * w("weight 1", 3 + j) + w("bias 1", j)))
    const expected = h.reduce((s, v, j) => s + v * w("weight 2", j), w("bias 2", 0))
    const [y] = withParams(params, [array([2], x)], (p, point) => [network.build(p)(point!)])
    expect(y!.data[0]).toBeCloseTo(expected, 14)
    expect(y!.shape).toEqual([1])
  })

  test("keeps the size of its inputs from layer to layer at the start", () => {
    for (const activation of ["relu", "silu", "tanh", "elu"] as const) {
      const network = L.mlp({ inputs: 50, outputs: 200, hidden: [100, 100, 100], activation })
      const [y] = withParams(network.init(keyOf(3)), [random(4, 50)], (p, x) => [network.build(p)(x!)])
      const rms = Math.sqrt(Array.from(y!.data).reduce((s, v) => s + v * v, 0) / 200)
      expect(rms, activation).toBeGreaterThan(0.25)
      expect(rms, activation).toBeLessThan(2)
    }
  })

  test("starts near 0 with a small output scale", () => {
    const network = L.mlp({ inputs: 3, outputs: 5, outputScale: 1e-3 })
    const [y] = withParams(network.init(keyOf(3)), [random(4, 3)], (p, x) => [network.build(p)(x!)])
    expect(Math.max(...y!.data.map(Math.abs))).toBeLessThan(0.02)
    expect(y!.data.some((v) => v !== 0)).toBe(true)
  })

  test("starts with hidden weights of the gain that is asked for", () => {
    const spread = (gain?: number): number => {
      const { "weight 2": weights } = L.mlp({ inputs: 3, outputs: 2, hidden: [99, 100], ...(gain && { gain }) }).init(keyOf(5)) as Record<
        string,
        NDArray
      >
      return Math.sqrt(Array.from(weights!.data).reduce((s, w) => s + w * w, 0) / weights!.data.length)
    }
    expect(spread()).toBeCloseTo(Math.SQRT2 / 10, 2)
    expect(spread(0.5)).toBeCloseTo(0.5 / 10, 2)
    expect(spread(0.5) / spread()).toBeCloseTo(0.5 / Math.SQRT2, 12)
  })

  test("other keys, other weights", () => {
    const network = L.mlp({ inputs: 3, outputs: 2 })
    expect(L.flatten(network.init(keyOf(1)))).not.toEqual(L.flatten(network.init(keyOf(2))))
    const { "weight 1": a, "weight 2": b } = network.init(keyOf(1)) as Record<string, NDArray>
    expect(a!.data.slice(0, 8)).not.toEqual(b!.data.slice(0, 8))
  })

  test("arguments that cannot be", () => {
    expect(() => L.mlp({ inputs: 0, outputs: 1 })).toThrow("mlp.inputs: expected a positive integer, got 0")
    expect(() => L.mlp({ inputs: 1, outputs: 1, hidden: [4, 2.5] })).toThrow("mlp.hidden[1]")
    expect(() => L.mlp({ inputs: 1, outputs: 1, context: -1 })).toThrow("mlp.context")
    const network = L.mlp({ inputs: 2, outputs: 1 })
    const weights = L.mapTree(network.init(keyOf(1)), ({ shape, data }) => tf.tensor(Float32Array.from(data), [...shape]))
    expect(() => network.build(weights)(tf.tensor1d([1, 2, 3]))).toThrow("mlp.x: expected a tensor of shape [2], got [3]")
    expect(() => L.learnableSplineCoupling({ size: 2, bins: 1 })).toThrow("spline coupling.bins")
    expect(() => L.learnableAffineCoupling({ size: 0 })).toThrow("affine coupling.size")
    expect(() =>
      L.learnableTriangularAffine({
        shift: [0, 0],
        scaleTril: [
          [1, 0],
          [0, -1]
        ]
      })
    ).toThrow("diagonal: expected finite numbers above 0, got -1")
    expect(() => L.learnableElementwiseAffine({ shift: 0, scale: [1, 0] })).toThrow("elementwise affine.scale")
    expect(() => L.sequence([])).toThrow("sequence.parts")
  })

  test("parameters of another learnable are an error that names what is missing", () => {
    const network = L.mlp({ inputs: 1, outputs: 1, hidden: [] })
    expect(() => network.build({ weight: tf.zeros([1]) })(tf.zeros([1]))).toThrow('a tree with "weight 1", got one with "weight"')
  })
})

describe("wrappers", () => {
  test("names of a sequence count its parts", () => {
    const flow = L.sequence([
      L.learnableAffineCoupling({ size: 2, hidden: [] }),
      L.learnableAffineCoupling({ size: 2, hidden: [], transform: "first" })
    ])
    expect(L.leaves(flow.init(keyOf(0))).map((l) => l.path)).toEqual([
      "affine coupling 1.network.bias 1",
      "affine coupling 1.network.weight 1",
      "affine coupling 2.network.bias 1",
      "affine coupling 2.network.weight 1"
    ])
  })

  test("nothing reaches what is frozen, and its value is the same", () => {
    const network = L.mlp({ inputs: 2, outputs: 1 })
    const ice = L.frozen(network)
    const params = network.init(keyOf(5))
    expect(ice.init(keyOf(5))).toEqual(params)
    const [a, b, ...gradients] = withParams(params, [random(1, 2)], (p, x) => {
      const y = ice.build(p)(x!)
      return [network.build(p)(x!), y, ...gradient(tf.sum(y), [x!, ...L.leaves(p).map((l) => l.value)])]
    })
    expect(a!.data).toEqual(b!.data)
    expect(gradients[0]!.data.some((v) => v !== 0)).toBe(true)
    for (const g of gradients.slice(1)) expect(g.data.every((v) => v === 0)).toBe(true)
  })

  test("a parameter starts at its value and stays within its constraint", () => {
    const sigma = L.parameter([0.5, 2], positive)
    const params = sigma.init(keyOf(0))
    expect([...L.flatten(params)]).toEqual([Math.log(0.5), Math.log(2)])
    const [at] = withParams(params, [], (p) => [sigma.build(p)])
    at!.data.forEach((v, i) => expect(v).toBeCloseTo([0.5, 2][i]!, 14))
    const [far] = withParams(L.unflatten(params, [-50, 3]), [], (p) => [sigma.build(p)])
    expect(positive.violation(far!.data, [2])).toBeUndefined()
    expect(() => L.parameter(2, interval(0, 1))).toThrow('a value that satisfies "interval(0, 1)", got 2 is not in [0, 1]')
  })
})

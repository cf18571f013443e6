/** Every tfjs operation that makes sense in a model, with the shapes that one draw sees. */
import * as tf from "@tensorflow/tfjs-core"
import type { Shape } from "../../src/graph/types.ts"
import { triangularSolve } from "../../src/math/index.ts"
import type { Case, Domain } from "./layouts.ts"

type F = Case["f"]

const one = (name: string, inputs: ReadonlyArray<Shape>, f: F, domain: Domain = "real"): Case => ({
  name,
  inputs,
  f,
  domain,
  gradient: true
})
const step = (name: string, inputs: ReadonlyArray<Shape>, f: F, domain: Domain = "real"): Case => ({
  name,
  inputs,
  f,
  domain,
  gradient: false
})

type Unary = (x: tf.Tensor) => tf.Tensor
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor

const named = <A>(names: string, f: (name: string, op: never) => ReadonlyArray<A>): ReadonlyArray<A> =>
  names.split(" ").flatMap((name) => f(name, (tf as unknown as Record<string, never>)[name]!))

/** An index below n out of any number. */
const indexOf = (x: tf.Tensor, n: number): tf.Tensor => tf.cast(tf.mod(tf.floor(tf.mul(tf.abs(x), 10)), n), "int32")

const unary: ReadonlyArray<Case> = [
  ...named(
    "exp expm1 tanh sigmoid softplus relu relu6 elu selu leakyRelu square neg abs sin cos tan atan sinh cosh asinh erf logSigmoid",
    (n, f: Unary) => [one(n, [[3]], f)]
  ),
  ...named("log log1p sqrt rsqrt reciprocal", (n, f: Unary) => [one(n, [[2, 3]], f, "positive")]),
  ...named("asin acos atanh", (n, f: Unary) => [one(n, [[3]], f, "unit")]),
  one("acosh", [[3]], (x) => tf.acosh(tf.add(x!, 1)), "positive"),
  ...named("step sign floor ceil round isNaN isInf isFinite onesLike zerosLike", (n, f: Unary) => [step(n, [[3]], (x) => f(x!))]),
  step("round to even", [[3]], (x) => tf.round(tf.add(tf.round(tf.mul(x!, 4)), 0.5))),
  step("logicalNot", [[3]], (x) => tf.logicalNot(tf.greater(x!, 0))),
  step("step with slope", [[3]], (x) => tf.step(x!, 0.5)),
  one("clone", [[3]], (x) => tf.clone(x!)),
  one("clipByValue", [[3]], (x) => tf.clipByValue(x!, -0.3, 0.4)),
  step("cast", [[3]], (x) => tf.cast(tf.mul(x!, 3), "int32")),
  step("cast to bool", [[3]], (x) => tf.cast(tf.floor(x!), "bool")),
  one("leakyRelu with a slope", [[3]], (x) => tf.leakyRelu(x!, 0.3)),
  one("softplus of a large number", [[3]], (x) => tf.softplus(tf.mul(x!, 50)))
]

const pairs: ReadonlyArray<ReadonlyArray<Shape>> = [
  [[2, 3], [3]],
  [[], [3]],
  [[3], []],
  [
    [2, 1],
    [1, 3]
  ]
]

const binary: ReadonlyArray<Case> = [
  ...named("add sub mul div pow maximum minimum squaredDifference atan2 divNoNan", (n, f: Binary) =>
    pairs.map((s) => one(`${n} ${s.map((d) => `[${d}]`).join(" ")}`, s, (a, b) => f(a!, b!), "positive"))
  ),
  ...named("floorDiv mod greater greaterEqual less lessEqual equal notEqual", (n, f: Binary) =>
    pairs.map((s) => step(`${n} ${s.map((d) => `[${d}]`).join(" ")}`, s, (a, b) => f(a!, b!), "positive"))
  ),
  step("mod of negative numbers", [[3], []], (a, b) => tf.mod(a!, tf.add(tf.abs(b!), 0.2))),
  step("floorDiv of integers", [[3], []], (a, b) =>
    tf.floorDiv(tf.cast(tf.mul(a!, 10), "int32"), tf.add(indexOf(b!, 4), tf.scalar(1, "int32")))
  ),
  ...named("logicalAnd logicalOr logicalXor", (n, f: Binary) => [
    step(n, [[2, 3], [3]], (a, b) => f(tf.greater(a!, 0), tf.greater(b!, 0)))
  ]),
  one("prelu", [[2, 3], [3]], (a, b) => tf.prelu(a!, b!)),
  one("where", [[2, 3], [3], []], (c, a, b) => tf.where(tf.greater(c!, 0), a!, b!)),
  step("where of infinities", [[3]], (x) => tf.where(tf.greater(x!, 0), Infinity, -Infinity)),
  one("addN", [[3], [3]], (a, b) => tf.addN([a!, b!])),
  one("add a number", [[3]], (x) => tf.add(x!, 0.1)),
  one("ensureShape", [[3]], (x) => tf.ensureShape(x!, [3])),
  step("add integers", [[3], [3]], (a, b) => tf.add(indexOf(a!, 9), indexOf(b!, 9)))
]

const reductionArguments: ReadonlyArray<readonly [axis?: number | Array<number>, keepDims?: boolean]> = [
  [],
  [0],
  [-1],
  [[0, 2]],
  [1, true],
  [[1, 2], true]
]

const reductions: ReadonlyArray<Case> = [
  ...named(
    "sum mean max min prod logSumExp euclideanNorm",
    (n, f: (x: tf.Tensor, axis?: number | Array<number>, keep?: boolean) => tf.Tensor) =>
      reductionArguments.map((a) => one(`${n}(${JSON.stringify(a).slice(1, -1)})`, [[2, 3, 2]], (x) => f(x!, ...a), "positive"))
  ),
  ...named("sum mean max prod logSumExp", (n, f: Unary) => [one(`${n} of a scalar`, [[]], (x) => f(x!))]),
  step("all", [[2, 3]], (x) => tf.all(tf.greater(x!, 0), 1)),
  step("any", [[2, 3]], (x) => tf.any(tf.greater(x!, 0))),
  step("sum of bools", [[2, 3]], (x) => tf.sum(tf.greater(x!, 0), 1)),
  step("mean of integers", [[2, 3]], (x) => tf.mean(indexOf(x!, 9))),
  step("argMax", [[2, 3]], (x) => tf.argMax(x!, 1)),
  step("argMin", [[2, 3]], (x) => tf.argMin(x!)),
  one("moments", [[2, 3]], (x) => Object.values(tf.moments(x!, 0)) as ReadonlyArray<tf.Tensor>),
  one("norm", [[2, 3]], (x) => tf.norm(x!)),
  one("norm 1", [[2, 3]], (x) => tf.norm(x!, 1, 1)),
  one("norm ∞", [[3]], (x) => tf.norm(x!, Infinity)),
  one("norm fro", [[2, 3]], (x) => tf.norm(x!, "fro", [0, 1])),
  one("softmax", [[2, 3]], (x) => tf.softmax(x!)),
  one("logSoftmax", [[2, 3]], (x) => tf.logSoftmax(x!)),
  one("cumsum", [[2, 3]], (x) => tf.cumsum(x!, 1)),
  one("cumsum, exclusive and reversed", [[2, 3]], (x) => tf.cumsum(x!, 0, true, true)),
  one("cumsum, exclusive", [[2, 3]], (x) => tf.cumsum(x!, 1, true)),
  one("cumprod", [[5]], (x) => tf.cumprod(x!)),
  one("cumprod, exclusive and reversed", [[2, 3]], (x) => tf.cumprod(x!, 1, true, true)),
  one("unsortedSegmentSum", [[4, 2]], (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([0, 1, 0, 2], "int32"), 3)),
  one("topk", [[2, 4]], (x) => tf.topk(x!, 2).values),
  step("topk indices", [[4]], (x) => tf.topk(x!, 3).indices)
]

const movement: ReadonlyArray<Case> = [
  one("reshape", [[2, 3]], (x) => tf.reshape(x!, [-1, 2])),
  one("reshapeAs", [[6], [2, 3]], (x, y) => tf.reshape(x!, y!.shape)),
  one("flatten", [[2, 3]], (x) => tf.reshape(x!, [-1])),
  one("expandDims", [[2, 3]], (x) => tf.expandDims(x!, -1)),
  one("squeeze", [[2, 1, 3, 1]], (x) => tf.squeeze(x!)),
  one("transpose", [[2, 3, 2]], (x) => tf.transpose(x!)),
  one("transpose 2, 0, 1", [[2, 3, 2]], (x) => tf.transpose(x!, [2, 0, 1])),
  one("tile", [[2, 3]], (x) => tf.tile(x!, [2, 2])),
  one("broadcastTo", [[3]], (x) => tf.broadcastTo(x!, [2, 3])),
  one("broadcastTo from 1", [[2, 1]], (x) => tf.broadcastTo(x!, [2, 3])),
  one("pad", [[2, 3]], (x) =>
    tf.pad(x!, [
      [1, 0],
      [0, 2]
    ])
  ),
  one("pad with a number", [[3]], (x) => tf.pad(x!, [[1, 2]], 7)),
  one("mirrorPad reflect", [[3]], (x) => tf.mirrorPad(x!, [[1, 2]], "reflect")),
  one("mirrorPad symmetric", [[2, 3]], (x) =>
    tf.mirrorPad(
      x!,
      [
        [2, 1],
        [0, 3]
      ],
      "symmetric"
    )
  ),
  one("reverse", [[2, 3]], (x) => tf.reverse(x!, 1)),
  one("reverse all", [[2, 3]], (x) => tf.reverse(x!)),
  one("slice", [[3, 4]], (x) => tf.slice(x!, [1, 0], [2, -1])),
  one("slice from", [[3]], (x) => tf.slice(x!, 1)),
  one("stridedSlice", [[3, 5]], (x) => tf.stridedSlice(x!, [0, 4], [3, 0], [2, -2])),
  one("stridedSlice with masks", [[3, 5]], (x) => tf.stridedSlice(x!, [1, 0], [2, 3], [1, 1], 0, 1, 0, 0, 1)),
  one(
    "concat",
    [
      [2, 3],
      [2, 1]
    ],
    (a, b) => tf.concat([a!, b!], 1)
  ),
  one("concat along −1", [[3], [2]], (a, b) => tf.concat([a!, b!], -1)),
  one("stack", [[3], [3]], (a, b) => tf.stack([a!, b!], 1)),
  one("stack scalars", [[], []], (a, b) => tf.stack([a!, b!])),
  one("stack with numbers", [[]], (a) => tf.stack([a!, tf.scalar(2), tf.scalar(3)])),
  one("unstack", [[2, 3]], (x) => tf.unstack(x!, 1)),
  one("split", [[2, 6]], (x) => tf.split(x!, 3, 1)),
  one("split by sizes", [[5]], (x) => tf.split(x!, [2, -1])),
  one("meshgrid", [[2], [3]], (a, b) => tf.meshgrid(a!, b!)),
  one("diag", [[3]], (x) => tf.diag(x!)),
  one("diag of a matrix", [[2, 2]], (x) => tf.diag(x!)),
  one("eye", [[2, 2]], (x) => tf.mul(x!, tf.eye(2))),
  one("linspace and range", [[3]], (x) => tf.add(tf.mul(x!, tf.linspace(0, 1, 3)), tf.range(0, 3))),
  one("bandPart", [[3, 3]], (x) => tf.linalg.bandPart(x!, -1, 0)),
  one("bandPart above", [[3, 4]], (x) => tf.linalg.bandPart(x!, 1, 2))
]

const indexing: ReadonlyArray<Case> = [
  one("gather at constants", [[4, 3]], (x) => tf.gather(x!, [2, 0])),
  ...[
    [[4], []],
    [[4, 3], [2]],
    [[4, 3], []],
    [[4], [2, 2]]
  ].map((s) => one(`gather [${s[0]}] at [${s[1]}]`, s, (x, i) => tf.gather(x!, indexOf(i!, 4)))),
  one("gather along axis 1", [[2, 4, 3], [2]], (x, i) => tf.gather(x!, indexOf(i!, 4), 1)),
  one("gather along axis −1", [[2, 4], [3]], (x, i) => tf.gather(x!, indexOf(i!, 4), -1)),
  one(
    "gather by batch",
    [
      [2, 4],
      [2, 3]
    ],
    (x, i) => tf.gather(x!, indexOf(i!, 4), 1, 1)
  ),
  one("gatherND", [[4, 3]], (x) =>
    tf.gatherND(
      x!,
      tf.tensor2d(
        [
          [1, 2],
          [0, 0]
        ],
        [2, 2],
        "int32"
      )
    )
  ),
  one(
    "gatherND of rows",
    [
      [4, 3],
      [2, 1]
    ],
    (x, i) => tf.gatherND(x!, indexOf(i!, 4))
  ),
  one("scatterND", [[3]], (x) => tf.scatterND(tf.tensor2d([[1], [3], [1]], [3, 1], "int32"), x!, [4])),
  one("scatterND of rows", [[2, 3]], (x) => tf.scatterND(tf.tensor2d([[1], [3]], [2, 1], "int32"), x!, [4, 3])),
  one("tensorScatterUpdate", [[4], [2]], (x, v) => tf.tensorScatterUpdate(x!, tf.tensor2d([[1], [3]], [2, 1], "int32"), v!)),
  step("oneHot", [[2]], (x) => tf.oneHot(indexOf(x!, 4), 4)),
  step("oneHot of a scalar", [[]], (x) => tf.oneHot(indexOf(x!, 4), 4)),
  step("searchSorted", [[4], [3]], (x, v) => tf.searchSorted(tf.cumsum(tf.abs(x!)), v!)),
  step(
    "upperBound",
    [
      [2, 4],
      [2, 3]
    ],
    (x, v) => tf.upperBound(tf.cumsum(tf.abs(x!), 1), v!)
  )
]

const swapped = (s: Shape): Shape => [...s.slice(0, -2), s.at(-1)!, s.at(-2)!]
const factors: ReadonlyArray<readonly [Shape, Shape]> = [
  [
    [2, 3],
    [3, 4]
  ],
  [
    [1, 3],
    [3, 4]
  ],
  [
    [2, 3],
    [3, 1]
  ],
  [
    [1, 3],
    [3, 1]
  ],
  [
    [5, 2, 3],
    [5, 3, 4]
  ],
  [
    [5, 2, 3],
    [1, 3, 4]
  ],
  [
    [5, 2, 3],
    [3, 4]
  ],
  [
    [2, 3],
    [5, 3, 4]
  ],
  [
    [2, 1],
    [1, 4]
  ]
]

const einsums: ReadonlyArray<readonly [string, ...ReadonlyArray<Shape>]> = [
  ["ij,jk->ik", [2, 3], [3, 4]],
  ["ij,kj->ik", [2, 3], [4, 3]],
  ["ij,ij->i", [2, 3], [2, 3]],
  ["ij,ij->", [2, 3], [2, 3]],
  ["bi,bj->bij", [2, 3], [2, 4]],
  ["ij->ji", [2, 3]],
  ["ij->i", [2, 3]]
]

const products: ReadonlyArray<Case> = [
  ...factors.flatMap(([a, b]) =>
    [
      [false, false],
      [true, false],
      [false, true],
      [true, true]
    ].map(([ta, tb]) =>
      one(`matMul [${a}]${ta ? "ᵀ" : ""} [${b}]${tb ? "ᵀ" : ""}`, [ta ? swapped(a) : a, tb ? swapped(b) : b], (x, y) =>
        tf.matMul(x!, y!, ta, tb)
      )
    )
  ),
  ...[
    [[3], [3]],
    [[3], [3, 2]],
    [[2, 3], [3]],
    [
      [2, 3],
      [3, 2]
    ]
  ].map((s) => one(`dot [${s[0]}] [${s[1]}]`, s, (a, b) => tf.dot(a!, b!))),
  one("outerProduct", [[3], [2]], (a, b) => tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D)),
  ...einsums.map(([equation, ...s]) => one(`einsum ${equation}`, s, (...x) => tf.einsum(equation, ...x))),
  one("fused.matMul", [[2, 3], [3, 4], [4]], (a, b, bias) =>
    tf.fused.matMul({ a: a as tf.Tensor2D, b: b as tf.Tensor2D, bias: bias!, activation: "relu" })
  ),
  one("batchNorm", [[2, 3], [3], [3]], (x, m, v) => tf.batchNorm(x!, m as tf.Tensor1D, tf.square(v!) as tf.Tensor1D))
]

const composed: ReadonlyArray<Case> = [
  one("meanSquaredError", [[3], [3]], (a, b) => tf.losses.meanSquaredError(a!, b!)),
  one("sigmoidCrossEntropy", [[3], [3]], (a, b) => tf.losses.sigmoidCrossEntropy(tf.sigmoid(a!), b!)),
  one(
    "softmaxCrossEntropy",
    [
      [2, 3],
      [2, 3]
    ],
    (a, b) => tf.losses.softmaxCrossEntropy(tf.softmax(a!), b!)
  ),
  one("cosineDistance", [[3], [3]], (a, b) => tf.losses.cosineDistance(a!, b!, 0)),
  one("gramSchmidt", [[2, 3]], (x) => tf.linalg.gramSchmidt(x as tf.Tensor2D)),
  one(
    "basicLSTMCell",
    [
      [1, 2],
      [1, 3],
      [1, 3]
    ],
    (x, c, h) => tf.basicLSTMCell(tf.scalar(1), tf.ones([5, 12]), tf.ones([12]), x as tf.Tensor2D, c as tf.Tensor2D, h as tf.Tensor2D)
  ),
  one("tidy", [[3]], (x) => tf.tidy(() => tf.sum(tf.square(x!)))),
  one("tf.grad", [[3], [3]], (a, b) => tf.grad((x) => tf.sum(tf.tanh(tf.mul(x, b!))))(a!)),
  one("tf.grad with broadcasting", [[], [3]], (a, b) => tf.grad((x) => tf.sum(tf.mul(x, tf.tanh(tf.add(x, b!)))))(a!)),
  one(
    "tf.grads of a product",
    [
      [2, 3],
      [3, 2]
    ],
    (a, b) => tf.grads((x, y) => tf.sum(tf.tanh(tf.matMul(x!, y!))))([a!, b!])
  ),
  one("customGrad", [[3]], (x) =>
    tf.customGrad((y) => ({ value: tf.square(y as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.mul(dy, 2) }))(x!)
  )
]

/** Lower triangular with a diagonal of 2, whatever stands above it. */
const triangle = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(0.5, tf.tanh(x)), tf.mul(2, tf.eye(3)))

const own: ReadonlyArray<Case> = [false, true].flatMap((transpose) => [
  one(
    `triangularSolve${transpose ? ", transposed" : ""}`,
    [
      [3, 3],
      [3, 2]
    ],
    (l, b) => triangularSolve(triangle(l!), b!, { transpose })
  ),
  one(
    `triangularSolve of a batch${transpose ? ", transposed" : ""}`,
    [
      [2, 3, 3],
      [2, 3, 1]
    ],
    (l, b) => triangularSolve(triangle(l!), b!, { transpose })
  )
])

export const cases: ReadonlyArray<Case> = [...unary, ...binary, ...reductions, ...movement, ...indexing, ...products, ...composed, ...own]

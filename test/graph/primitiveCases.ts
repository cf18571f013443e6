/** Every primitive of the table beside an independent definition of it. */
import type { Attributes, DType, Graph, Shape } from "../../src/graph/types.ts"
import * as naive from "./naive.ts"
import { folded, indices, mapped, numbers, stretched, view, viewOf } from "./view.ts"
import type { View } from "./view.ts"

/** Numbers of an input, out of a standard normal z and the element's position. */
export type Domain = (z: number, i: number) => number

const real: Domain = (z) => z
const positive: Domain = (z) => 0.3 + Math.abs(z)
const unit: Domain = (z) => 0.9 * Math.tanh(z)
const probability: Domain = (z) => 0.5 + 0.45 * Math.tanh(z)
const truth: Domain = (z) => (z > 0 ? 1 : 0)
const whole =
  (n: number): Domain =>
  (z) =>
    Math.floor(Math.abs(z) * 100) % n
/** Two standard normals rarely come closer than 0.001; these never do. */
const distinct: Domain = (z, i) => Math.round(z) + ((i * 7) % 11) / 20

export interface Input {
  readonly shape: Shape
  readonly domain: Domain
  readonly dtype: DType
}

export interface PrimitiveCase {
  readonly op: string
  readonly inputs: ReadonlyArray<Input>
  readonly attributes: Attributes
  readonly naive: (...inputs: ReadonlyArray<View>) => View
  /** Tolerance of the values, relative to 1 + their size. */
  readonly tolerance: number
}

const input = (shape: Shape, domain: Domain = real, dtype: DType = "f32"): Input => ({ shape, domain, dtype })
const booleans = (...shape: Shape): Input => input(shape, truth, "bool")

const primitive = (
  op: string,
  inputs: ReadonlyArray<Input>,
  f: PrimitiveCase["naive"],
  attributes: Attributes = {},
  tolerance = 1e-12
): PrimitiveCase => ({ op, inputs, attributes, naive: f, tolerance })

const unary = (op: string, f: (x: number) => number, domain: Domain = real, tolerance = 1e-12): PrimitiveCase =>
  primitive(op, [input([2, 3], domain)], mapped(f as (...x: ReadonlyArray<number>) => number), {}, tolerance)

const awkward: Domain = (z, i) => [NaN, Infinity, -Infinity, 0, z, -z][i % 6]!

const unaries: ReadonlyArray<PrimitiveCase> = [
  unary("neg", (x) => 0 - x),
  unary("exp", (x) => Math.E ** x, real, 1e-12),
  unary("expm1", (x) => Math.E ** x - 1),
  unary("log", (x) => -Math.log(1 / x), positive),
  unary("log1p", (x) => Math.log(1 + x), positive),
  unary("tanh", (x) => (Math.exp(x) - Math.exp(-x)) / (Math.exp(x) + Math.exp(-x))),
  unary("sigmoid", (x) => 1 / (1 + Math.exp(-x))),
  unary("softplus", (x) => Math.log(1 + Math.exp(x))),
  unary("relu", (x) => (x < 0 ? 0 : x)),
  unary("sqrt", (x) => x ** 0.5, positive),
  unary("rsqrt", (x) => x ** -0.5, positive),
  unary("square", (x) => x ** 2),
  unary("abs", (x) => (x < 0 ? -x : x)),
  unary("reciprocal", (x) => x ** -1, positive),
  unary("sin", (x) => Math.cos(x - Math.PI / 2)),
  unary("cos", (x) => Math.sin(x + Math.PI / 2)),
  unary("atan", (x) => Math.asin(x / Math.sqrt(1 + x * x))),
  unary("erf", naive.erf, real, 1e-11),
  unary("erfinv", naive.erfinv, unit, 1e-10),
  unary("lgamma", naive.lgamma, positive, 1e-11),
  unary("digamma", naive.digamma, positive, 1e-11),
  unary("trigamma", naive.trigamma, positive, 1e-11),
  unary("stopGradient", (x) => x),
  unary("sign", (x) => (x > 0 ? 1 : x < 0 ? -1 : 0)),
  unary("floor", (x) => x - (((x % 1) + 1) % 1)),
  unary("ceil", (x) => x + (((-x % 1) + 1) % 1)),
  unary("round", (x) => Number(x.toFixed(0))),
  primitive("round", [input([6], (_, i) => (i % 6) - 2.5)], () => viewOf([6], [-2, -2, -0, 0, 2, 2])),
  primitive(
    "not",
    [booleans(4)],
    mapped((x) => 1 - x!)
  ),
  unary("isnan", (x) => (Number.isNaN(x) ? 1 : 0), awkward),
  unary("isinf", (x) => (x === Infinity || x === -Infinity ? 1 : 0), awkward),
  unary("isfinite", (x) => (Number.isFinite(x) ? 1 : 0), awkward)
]

const layouts: ReadonlyArray<readonly [Shape, Shape]> = [
  [
    [2, 3],
    [2, 3]
  ],
  [[2, 3], [3]],
  [[], [2]],
  [
    [2, 1],
    [1, 3]
  ],
  [
    [3, 1, 2],
    [2, 1]
  ]
]

const binary = (
  op: string,
  f: (a: number, b: number) => number,
  a: Domain = real,
  b: Domain = a,
  dtype: DType = "f32"
): ReadonlyArray<PrimitiveCase> =>
  layouts.map(([s, t]) => primitive(op, [input(s, a, dtype), input(t, b, dtype)], mapped(f as (...x: ReadonlyArray<number>) => number)))

const binaries: ReadonlyArray<PrimitiveCase> = [
  ...binary("add", (a, b) => a - -b),
  ...binary("sub", (a, b) => a + -b),
  ...binary("mul", (a, b) => a / (1 / b), real, positive),
  ...binary("div", (a, b) => a * b ** -1, real, positive),
  ...binary("pow", (a, b) => Math.exp(b * Math.log(a)), positive, real),
  ...binary("maximum", (a, b) => (a + b + Math.abs(a - b)) / 2),
  ...binary("minimum", (a, b) => (a + b - Math.abs(a - b)) / 2),
  ...binary(
    "mod",
    (a, b) => a - b * Math.floor(a / b),
    (z) => 10 * z,
    positive
  ),
  ...binary("withGradientOf", (a) => a),
  ...binary("atan2", (a, b) => 2 * Math.atan(a / (Math.hypot(a, b) + b))),
  ...[
    primitive("gammaDerivative", [input([2, 2], positive), input([2], positive)], mapped(naive.gammaDerivative as never), {}, 1e-6),
    primitive(
      "poissonQuantile",
      [input([3], (z) => 5 * Math.abs(z) + 0.1), input([2, 3], probability)],
      mapped(naive.poissonQuantile as never)
    )
  ],
  ...binary("greater", (a, b) => Number(a > b), whole(3)),
  ...binary("greaterEqual", (a, b) => Number(!(a < b)), whole(3)),
  ...binary("less", (a, b) => Number(b > a), whole(3)),
  ...binary("lessEqual", (a, b) => Number(!(a > b)), whole(3)),
  ...binary("equal", (a, b) => Number(a - b === 0), whole(3)),
  ...binary("notEqual", (a, b) => Number(a - b !== 0), whole(3)),
  ...binary("and", (a, b) => a * b, truth, truth, "bool"),
  ...binary("or", (a, b) => a + b - a * b, truth, truth, "bool"),
  ...binary("xor", (a, b) => (a + b) % 2, truth, truth, "bool")
]

const selections: ReadonlyArray<PrimitiveCase> = [
  primitive(
    "select",
    [booleans(2, 3), input([3]), input([2, 1])],
    mapped((c, a, b) => (c === 1 ? a! : b!))
  ),
  primitive(
    "select",
    [booleans(), input([3]), input([])],
    mapped((c, a, b) => (c === 1 ? a! : b!))
  ),
  primitive(
    "binomialQuantile",
    [input([3], whole(20)), input([2, 1], probability), input([2, 3], probability)],
    mapped(naive.binomialQuantile as never)
  ),
  primitive(
    "cast",
    [input([5], (z) => 4 * z)],
    mapped((x) => (x! < 0 ? -Math.floor(-x!) : Math.floor(x!))),
    { to: "i32" }
  ),
  primitive(
    "cast",
    [input([5], whole(2))],
    mapped((x) => x!),
    { to: "bool" }
  ),
  primitive(
    "cast",
    [input([5], whole(9), "i32")],
    mapped((x) => x!),
    { to: "f32" }
  ),
  primitive(
    "cast",
    [input([5])],
    mapped((x) => x!),
    { to: "f64" }
  )
]

const total = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)
const axesSets: ReadonlyArray<ReadonlyArray<number>> = [[0], [1], [2], [0, 2], [1, 2], [0, 1], [0, 1, 2]]

const reduction = (op: string, f: (xs: ReadonlyArray<number>) => number, domain: Domain = real): ReadonlyArray<PrimitiveCase> =>
  axesSets.map((axes) => primitive(op, [input([2, 3, 2], domain)], (x) => folded(x!, axes, f), { axes }))

const reductions: ReadonlyArray<PrimitiveCase> = [
  ...reduction("sum", total),
  ...reduction("prod", (xs) => xs.reduce((a, b) => a * b)),
  ...reduction(
    "prod",
    (xs) => xs.reduce((a, b) => a * b),
    (z, i) => (i === 1 || i === 6 || i === 7 ? 0 : z)
  ),
  ...reduction("max", (xs) => xs.toSorted((a, b) => b - a)[0]!),
  ...reduction("min", (xs) => xs.toSorted((a, b) => a - b)[0]!),
  primitive("sum", [booleans(2, 3)], (x) => folded(x!, [1], total), { axes: [1] }),
  ...[0, 1, 2].map((axis) =>
    primitive("argmax", [input([2, 3, 2], whole(3))], (x) => folded(x!, [axis], (xs) => xs.indexOf(Math.max(...xs))), { axis })
  ),
  ...[0, 1, 2].flatMap((axis) =>
    [false, true].flatMap((exclusive) =>
      [false, true].map((backward) =>
        primitive(
          "cumsum",
          [input([2, 3, 2])],
          (x) =>
            view(x!.shape, (...i) => {
              const counts = (k: number): boolean => (k === i[axis] ? !exclusive : backward ? k > i[axis]! : k < i[axis]!)
              return total([...Array(x!.shape[axis]).keys()].filter(counts).map((k) => x!.at(...i.with(axis, k))))
            }),
          { axis, exclusive, backward }
        )
      )
    )
  ),
  primitive("sort", [input([2, 5], distinct)], (x) =>
    view([2, 5], (r, k) => [...Array(5).keys()].map((j) => x!.at(r!, j)).toSorted((a, b) => a - b)[k!]!)
  ),
  primitive("argsort", [input([2, 5], whole(3))], (x) =>
    view([2, 5], (r, k) => {
      const before = (i: number, j: number): boolean => x!.at(r!, i) < x!.at(r!, j) || (x!.at(r!, i) === x!.at(r!, j) && i < j)
      return [...Array(5).keys()].find((j) => [...Array(5).keys()].filter((i) => before(i, j)).length === k)!
    })
  )
]

const movement: ReadonlyArray<PrimitiveCase> = [
  primitive("reshape", [input([2, 6])], (x) => viewOf([3, 4], numbers(x!)), { shape: [3, 4] }),
  primitive("transpose", [input([2, 3, 4])], (x) => view([4, 2, 3], (i, j, k) => x!.at(j!, k!, i!)), { permutation: [2, 0, 1] }),
  primitive("broadcast", [input([3, 1])], (x) => view([2, 3, 4], (...i) => stretched(x!, i)), { shape: [2, 3, 4] }),
  primitive("broadcast", [input([])], (x) => view([2], () => x!.at()), { shape: [2] }),
  primitive(
    "concat",
    [input([2, 1, 2]), input([2, 3, 2]), input([2, 2, 2])],
    (a, b, c) => view([2, 6, 2], (i, j, k) => (j! < 1 ? a!.at(i!, j!, k!) : j! < 4 ? b!.at(i!, j! - 1, k!) : c!.at(i!, j! - 4, k!))),
    { axis: 1 }
  ),
  primitive("slice", [input([4, 5])], (x) => view([2, 3], (i, j) => x!.at(1 + 2 * i!, 4 - 2 * j!)), {
    begin: [1, 4],
    size: [2, 3],
    stride: [2, -2]
  }),
  primitive(
    "unslice",
    [input([2, 3])],
    (x) => view([4, 5], (i, j) => (i! % 2 === 1 && j! % 2 === 0 ? x!.at((i! - 1) / 2, (4 - j!) / 2) : 0)),
    { begin: [1, 4], stride: [2, -2], shape: [4, 5] }
  )
]

const indexing: ReadonlyArray<PrimitiveCase> = [
  primitive("take", [input([2, 3, 4, 2]), input([2, 5], whole(4), "i32")], (x, i) =>
    view([2, 3, 5, 2], (b, p, k, q) => x!.at(b!, p!, i!.at(b!, k!), q!))
  ),
  primitive(
    "put",
    [input([2, 3, 5, 2]), input([2, 5], whole(4), "i32")],
    (x, at) =>
      view([2, 3, 4, 2], (b, p, d, q) => total([...Array(5).keys()].filter((k) => at!.at(b!, k) === d).map((k) => x!.at(b!, p!, k, q!)))),
    { length: 4 }
  ),
  primitive("gather", [input([4, 3]), input([2, 2], whole(4), "i32")], (x, i) => view([2, 2, 3], (a, b, c) => x!.at(i!.at(a!, b!), c!)), {
    axis: 0,
    batchDims: 0
  }),
  primitive("gather", [input([2, 4, 3]), input([2], whole(3), "i32")], (x, i) => view([2, 4, 2], (a, b, c) => x!.at(a!, b!, i!.at(c!))), {
    axis: 2,
    batchDims: 0
  }),
  primitive(
    "gather",
    [input([2, 4, 3]), input([2, 5], whole(4), "i32")],
    (x, i) => view([2, 5, 3], (a, b, c) => x!.at(a!, i!.at(a!, b!), c!)),
    {
      axis: 1,
      batchDims: 1
    }
  ),
  primitive("onehot", [input([2, 3], whole(4), "i32")], (x) => view([2, 3, 4], (a, b, c) => (x!.at(a!, b!) === c ? 5 : -1)), {
    depth: 4,
    on: 5,
    off: -1,
    to: "f32"
  })
]

const swapped = (v: View): View =>
  view([...v.shape.slice(0, -2), v.shape.at(-1)!, v.shape.at(-2)!], (...i) => v.at(...i.slice(0, -2), i.at(-1)!, i.at(-2)!))

const productOf = (a: View, b: View): View => {
  const lead = stretchedShape(a, b)
  return view([...lead, a.shape.at(-2)!, b.shape.at(-1)!], (...i) => {
    const [batch, r, c] = [i.slice(0, -2), i.at(-2)!, i.at(-1)!]
    const matrix = (v: View, row: number, column: number): number =>
      v.at(...v.shape.slice(0, -2).map((d, k) => (d === 1 ? 0 : batch[k + batch.length - v.shape.length + 2]!)), row, column)
    return total([...Array(a.shape.at(-1)).keys()].map((k) => matrix(a, r, k) * matrix(b, k, c)))
  })
}
const stretchedShapeOf = (s: Shape, t: Shape): Shape => {
  const rank = Math.max(s.length, t.length)
  return Array.from({ length: rank }, (_, k) => Math.max(s[k - rank + s.length] ?? 1, t[k - rank + t.length] ?? 1))
}
const stretchedShape = (a: View, b: View): Shape => stretchedShapeOf(a.shape.slice(0, -2), b.shape.slice(0, -2))

const factors: ReadonlyArray<readonly [Shape, Shape]> = [
  [
    [2, 3],
    [3, 4]
  ],
  [
    [5, 2, 3],
    [5, 3, 4]
  ],
  [
    [2, 1],
    [1, 4]
  ],
  [
    [1, 3],
    [3, 1]
  ],
  [
    [5, 2, 3],
    [3, 4]
  ],
  [
    [5, 1, 3],
    [5, 3, 1]
  ]
]

const products: ReadonlyArray<PrimitiveCase> = factors.flatMap(([s, t]) =>
  [
    [false, false],
    [true, false],
    [false, true],
    [true, true]
  ].map(([transposeA, transposeB]) => {
    const turned = (shape: Shape, flag: boolean | undefined): Shape =>
      flag ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape
    return primitive(
      "dot",
      [input(turned(s, transposeA)), input(turned(t, transposeB))],
      (a, b) => productOf(transposeA ? swapped(a!) : a!, transposeB ? swapped(b!) : b!),
      { transposeA, transposeB }
    )
  })
)

/** Right-looking: a column, then what is left of the matrix. */
const cholesky = (A: View): View => {
  const n = A.shape.at(-1)!
  const L = new Map<string, number>()
  for (const batch of indices(A.shape.slice(0, -2))) {
    let rest = indices([n, n]).map(([i, j]) => A.at(...batch, Math.max(i!, j!), Math.min(i!, j!)))
    for (let c = 0; c < n; c++) {
      const column = [...Array(n).keys()].map((r) => (r < c ? 0 : rest[r * n + c]! / Math.sqrt(rest[c * n + c]!)))
      column.forEach((v, r) => L.set([...batch, r, c].join(), v))
      rest = rest.map((v, k) => v - column[Math.floor(k / n)]! * column[k % n]!)
    }
  }
  return view(A.shape, (...i) => L.get(i.join())!)
}

/** With L = D (I + N) and N nilpotent, L⁻¹ = Σ (−N)ᵏ D⁻¹. */
const solveLower = (L: View, B: View): View => {
  const scaled = (v: View): View => view(v.shape, (...i) => v.at(...i) / L.at(...i.slice(0, -2), i.at(-2)!, i.at(-2)!))
  const n = L.shape.at(-1)!
  const below = view(L.shape, (...i) => (i.at(-2)! > i.at(-1)! ? L.at(...i) : 0))
  const N = scaled(below)
  let term = scaled(B)
  let sum = term
  for (let k = 1; k < n; k++) {
    const next = productOf(N, term)
    term = view(next.shape, (...i) => -next.at(...i))
    sum = mapped((a, b) => a! + b!)(sum, term)
  }
  return sum
}

const reversedBoth = (v: View): View =>
  view(v.shape, (...i) => v.at(...i.slice(0, -2), v.shape.at(-2)! - 1 - i.at(-2)!, v.shape.at(-1)! - 1 - i.at(-1)!))
const reversedRows = (v: View): View => view(v.shape, (...i) => v.at(...i.slice(0, -2), v.shape.at(-2)! - 1 - i.at(-2)!, i.at(-1)!))
const lower = (v: View): View => view(v.shape, (...i) => (i.at(-2)! >= i.at(-1)! ? v.at(...i) : 0))

/** Symmetric up to what is above the diagonal, and positive definite: the diagonal dominates. */
const definite =
  (n: number): Domain =>
  (z, i) =>
    (i % (n * n)) % (n + 1) === 0 ? n + Math.abs(z) : 0.5 * Math.tanh(z)

const linearAlgebra: ReadonlyArray<PrimitiveCase> = [
  ...[
    [3, 3],
    [2, 3, 3],
    [1, 1]
  ].map((s) => primitive("cholesky", [input(s, definite(s.at(-1)!))], (a) => cholesky(a!), {}, 1e-12)),
  ...[false, true].flatMap((transposed) =>
    [
      [
        [3, 3],
        [3, 2]
      ],
      [
        [2, 3, 3],
        [2, 3, 1]
      ]
    ].map(([s, t]) =>
      primitive(
        "triangularSolve",
        [input(s!, definite(3)), input(t!)],
        // Lᵀ is lower triangular once rows and columns run backwards
        (L, B) => (transposed ? reversedRows(solveLower(reversedBoth(swapped(lower(L!))), reversedRows(B!))) : solveLower(L!, B!)),
        { transposed }
      )
    )
  )
]

/** The body of a scan over a carry c, a row x and a weight k: tanh(c k) + x. */
const body: Graph = {
  nodes: [
    ...[[2], [2], [2, 2]].map((shape) => ({ op: "input", inputs: [], attributes: { shape }, shape, dtype: "f32" as const, origin: "" })),
    { op: "reshape", inputs: [0], attributes: { shape: [1, 2] }, shape: [1, 2], dtype: "f32", origin: "" },
    { op: "dot", inputs: [3, 2], attributes: { transposeA: false, transposeB: false }, shape: [1, 2], dtype: "f32", origin: "" },
    { op: "tanh", inputs: [4], attributes: {}, shape: [1, 2], dtype: "f32", origin: "" },
    { op: "reshape", inputs: [5], attributes: { shape: [2] }, shape: [2], dtype: "f32", origin: "" },
    { op: "add", inputs: [6, 1], attributes: {}, shape: [2], dtype: "f32", origin: "" }
  ]
}

const scanned = (c0: View, xs: View, k: View): View => {
  let c = numbers(c0)
  const carries = [...Array(xs.shape[0]).keys()].map(
    (t) => (c = c.map((_, j) => Math.tanh(c[0]! * k.at(0, j) + c[1]! * k.at(1, j)) + xs.at(t, j)))
  )
  return viewOf([carries.length, 2], carries.flat())
}

const scans: ReadonlyArray<PrimitiveCase> = [5, 1].map((length) =>
  primitive("scan", [input([2]), input([length, 2]), input([2, 2])], (c, xs, k) => scanned(c!, xs!, k!), {
    length,
    rows: 1,
    body,
    ends: [0, 1, 2],
    next: 7
  })
)

const leaves: ReadonlyArray<PrimitiveCase> = [
  primitive("input", [input([2, 3])], (x) => x!),
  primitive("constant", [], () => viewOf([2, 2], [1, 2, 3, 4]), { shape: [2, 2], value: Float64Array.of(1, 2, 3, 4) }),
  primitive("fill", [], () => view([2, 3], () => 0.1), { shape: [2, 3], value: 0.1 })
]

export const primitiveCases: ReadonlyArray<PrimitiveCase> = [
  ...leaves,
  ...unaries,
  ...binaries,
  ...selections,
  ...reductions,
  ...movement,
  ...indexing,
  ...products,
  ...linearAlgebra,
  ...scans
]

/** Primitives whose tests stand elsewhere: noise has files of its own. */
export const elsewhere = ["uniform"]

export const label = (c: PrimitiveCase): string => {
  const attributes = JSON.stringify(c.attributes, (key, v: unknown) => (key === "body" || key === "value" ? undefined : v))
  return `${c.op} ${c.inputs.map((i) => `${i.dtype}[${i.shape}]`).join(" ")} ${attributes}`
}

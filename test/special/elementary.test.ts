import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import fc from "fast-check"
import { expect, test } from "vitest"
import * as special from "../../src/special/index.ts"
import { ulps } from "../engine/ulp.ts"
import * as figures from "./figures.ts"

/** Inputs and values computed by mpmath 1.3 with 400 bits: random and wide, around breaks and limits, subnormal, far out. */
const reference: Readonly<Record<string, ReadonlyArray<ReadonlyArray<number>>>> = JSON.parse(
  readFileSync(new URL("../engine/wasmMath.reference.json", import.meta.url), "utf8")
)

const { exp, expm1, log, log1p, tanh, sin, cos, atan, pow, atan2 } = special
const unary: Readonly<Record<string, readonly [own: (x: number) => number, host: (x: number) => number]>> = {
  exp: [exp, Math.exp],
  expm1: [expm1, Math.expm1],
  log: [log, Math.log],
  log1p: [log1p, Math.log1p],
  tanh: [tanh, Math.tanh],
  sin: [sin, Math.sin],
  cos: [cos, Math.cos],
  atan: [atan, Math.atan]
}
const binary: Readonly<Record<string, readonly [own: (a: number, b: number) => number, host: (a: number, b: number) => number]>> = {
  pow: [pow, Math.pow],
  atan2: [atan2, Math.atan2]
}

const EDGES = [
  ...[0, -0, Infinity, -Infinity, NaN, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 2.5, -2.5, 1e20, -1e20, 2 ** 53 - 1, -(2 ** 53) + 1],
  ...[
    5e-324,
    -5e-324,
    2 ** -1022,
    -(2 ** -1022),
    1.7976931348623157e308,
    -1.7976931348623157e308,
    709.782712893384,
    710,
    1000,
    -745.1332191019412
  ]
]

/** Units between two numbers, zeros of unlike sign being infinitely far apart. */
const distance = (a: number, b: number): number => (a === 0 && b === 0 && !Object.is(a, b) ? Infinity : ulps("f64", a, b))

/** All exponents with both signs and scrambled significands, and a finer net of ±100. */
const net = (count: number): Float64Array => {
  const x = new Float64Array(count)
  const words = new Uint32Array(x.buffer)
  for (let i = 0; i < count; i += 2) {
    words[2 * i] = Math.imul(i, 0x9e3779b9)
    words[2 * i + 1] = (i / count) * 2 ** 32 + (Math.imul(i, 0x85ebca6b) >>> 16)
    x[i + 1] = ((i + 1) / count - 0.5) * 200
  }
  return x
}

test.each(Object.entries({ ...unary, ...binary }))(
  "%s is one of the two numbers beside the value that mpmath gives, or itself",
  (name, [own]) => {
    for (const row of reference[name]!) {
      const value = (own as (...x: ReadonlyArray<number>) => number)(...row.slice(0, -1))
      expect(distance(value, row.at(-1)!), `${row.join(", ")} ≠ ${value}`).toBeLessThanOrEqual(1)
    }
  }
)

test("sin and cos likewise for arguments of all sizes", () => {
  for (const [x, s, c] of figures.SINE_COSINE) {
    expect(distance(sin(x), s), `sin ${x} = ${s} ≠ ${sin(x)}`).toBeLessThanOrEqual(1)
    expect(distance(cos(-x), c), `cos ${x} = ${c} ≠ ${cos(-x)}`).toBeLessThanOrEqual(1)
  }
})

test.each(Object.entries(unary))("%s is within 2 units of the host's over the whole range, its limits exact", (_, [own, host]) => {
  for (const x of [...EDGES, ...net(60_000)]) {
    const [a, b] = [own(x), host(x)]
    if (!(distance(a, b) <= 2) || Number.isFinite(a) !== Number.isFinite(b)) expect.fail(`at ${x}: ${a}, the host ${b}`)
  }
})

test.each(Object.entries(binary))("%s is within 2 units of the host's at edges and at random, its limits exact", (_, [own, host]) => {
  const agree = (a: number, b: number): void => {
    const [value, other] = [own(a, b), host(a, b)]
    if (!(distance(value, other) <= 2) || (value === 0) !== (other === 0)) expect.fail(`at ${a}, ${b}: ${value}, the host ${other}`)
  }
  for (const a of EDGES) for (const b of EDGES) agree(a, b)
  const anything = fc.double()
  const moderate = fc.double({ min: -40, max: 40 })
  fc.assert(fc.property(anything, fc.oneof(anything, moderate, fc.integer({ min: -400, max: 400 })), agree), { seed: 5, numRuns: 5000 })
  fc.assert(fc.property(moderate, moderate, agree), { seed: 6, numRuns: 5000 })
})

test("powers that are numbers are exact", () => {
  for (let k = -1074; k < 1024; k++) expect(pow(2, k)).toBe(2 ** k)
  for (const x of [1, 3, 1.5, 10, 12345]) {
    expect(pow(x * x, 0.5)).toBe(x)
    expect(pow(x, 1)).toBe(x)
    expect(pow(x, 2)).toBe(x * x)
  }
})

test("the bits are those of every machine", () => {
  const x = net(4000)
  const all = [
    ...Object.values(unary).map(([own]) => x.map((v) => own(v))),
    ...Object.values(binary).map(([own]) => x.map((v, i) => own(v, x[(7 * i + 1) % x.length]!)))
  ].map((values) => values.map((v) => (v !== v ? 0.5 : v)))
  const hash = createHash("sha256")
  for (const values of all) hash.update(new Uint8Array(values.buffer))
  expect(hash.digest("hex").slice(0, 16)).toBe("d8683376893175b4")
})

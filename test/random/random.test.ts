import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { normals, uniforms } from "../../src/random/draws.ts"
import { fold, keyOf, split } from "../../src/random/key.ts"
import { philox4x32 } from "../../src/random/philox.ts"
import { noiseUniforms } from "../../src/random/uniforms.ts"
import { noiseWords } from "../../src/random/words.ts"
import type { NoiseAxis } from "../../src/random/words.ts"
import { erfc, gammaQ } from "../../src/special/index.ts"

/** p-value of the chi-square test that the values fill equal cells of (0, 1) equally. */
const chiSquare = (values: ArrayLike<number>, cells: number): number => {
  const counts = new Float64Array(cells)
  for (let i = 0; i < values.length; i++) counts[Math.floor(values[i]! * cells)]!++
  const expected = values.length / cells
  return gammaQ((cells - 1) / 2, counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0) / 2)
}

/** p-value of the Kolmogorov–Smirnov test against uniformity (the asymptotic series). */
const kolmogorov = (values: Float64Array): number => {
  const n = values.length
  const d = values.toSorted().reduce((m, u, i) => Math.max(m, u - i / n, (i + 1) / n - u), 0)
  let p = 0
  for (let k = 1; k < 50; k++) p += (k % 2 ? 2 : -2) * Math.exp(-2 * k * k * n * d * d)
  return Math.min(p, 1)
}

const correlation = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let xy = 0
  for (let i = 0; i < x.length; i++) xy += (x[i]! - 0.5) * (y[i]! - 0.5)
  return (12 * xy) / x.length
}

const words = (stream: string, axes: ReadonlyArray<NoiseAxis>, event: number, seed = keyOf(1), step = 0): Uint32Array => {
  const out = new Uint32Array(axes.reduce((n, { size }) => n * size, event))
  noiseWords(stream, axes, event)(seed, step, out)
  return out
}

const unit = (w: Uint32Array): Float64Array => Float64Array.from(w, (x) => (x + 0.5) * 2 ** -32)

describe("philox4x32", () => {
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]
    ]
  ] as const)("gives Random123's known answer at counter %j, key %j", ([a, b, c, d], [k0, k1], answer) => {
    const out = new Uint32Array(4)
    philox4x32(a, b, c, d, k0, k1, out)
    expect([...out]).toEqual(answer)
  })

  it("agrees with the definition in big integers", () => {
    const word = fc.integer({ min: 0, max: 0xffffffff })
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        let c = counter.map(BigInt)
        let k = key.map(BigInt)
        for (let round = 0; round < 10; round++) {
          const [p, q] = [0xd2511f53n * c[0]!, 0xcd9e8d57n * c[2]!]
          c = [(q >> 32n) ^ c[1]! ^ k[0]!, q & 0xffffffffn, (p >> 32n) ^ c[3]! ^ k[1]!, p & 0xffffffffn]
          k = [(k[0]! + 0x9e3779b9n) & 0xffffffffn, (k[1]! + 0xbb67ae85n) & 0xffffffffn]
        }
        const out = new Uint32Array(4)
        philox4x32(...counter, ...key, out)
        expect([...out]).toEqual(c.map(Number))
      }),
      { seed: 1, numRuns: 200 }
    )
  })
})

describe("keys", () => {
  const show = ({ hi, lo }: { hi: number; lo: number }): string => `${hi}/${lo}`

  it("differ by every datum, order and kind", () => {
    const key = keyOf(42)
    const names = ["", "a", "b", "ab", "ba", "a\0", "abcdef", "abcdefg", "abcdefg\0", "θ", "1", "particle", "particles"]
    const numbers = [0, 1, -1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1]
    const all = [
      key,
      ...names.map((n) => fold(key, n)),
      ...numbers.map((n) => fold(key, n)),
      ...numbers.map(keyOf).filter((k) => k.hi !== 0 || k.lo !== 42),
      ...split(key, 5),
      fold(fold(key, 1), 2),
      fold(fold(key, 2), 1),
      fold(fold(key, "a"), "b")
    ]
    expect(new Set(all.map(show)).size).toBe(all.length)
  })

  it("are unsigned words, the same at each call", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.oneof(fc.maxSafeInteger(), fc.string()), (seed, data) => {
        const key = fold(keyOf(seed), data)
        expect(key).toEqual(fold(keyOf(seed), data))
        for (const w of [key.hi, key.lo]) expect(w).toBe(w >>> 0)
      }),
      { seed: 2, numRuns: 100 }
    )
  })

  it("split begins the same however many are asked for", () => expect(split(keyOf(3), 7).slice(0, 2)).toEqual(split(keyOf(3))))

  it("want integers", () => {
    expect(() => keyOf(0.5)).toThrow("keyOf.seed: expected an integer")
    expect(() => fold(keyOf(0), NaN)).toThrow("fold.data: expected an integer")
  })

  it("folded with 0, 1, 2, … give no collisions and uniform words", () => {
    const keys = Array.from({ length: 20000 }, (_, i) => fold(keyOf(5), i))
    expect(new Set(keys.map(show)).size).toBe(keys.length)
    expect(
      chiSquare(
        Uint32Array.from(keys, (k) => k.lo).reduce<Array<number>>((a, w) => (a.push(w * 2 ** -32), a), []),
        256
      )
    ).toBeGreaterThan(1e-3)
  })
})

describe("host draws", () => {
  it("do not depend on how many are asked for, and stay inside (0, 1)", () => {
    const key = keyOf(11)
    expect(uniforms(key, 1001).slice(0, 7)).toEqual(uniforms(key, 7))
    expect(normals(key, 1001).slice(0, 7)).toEqual(normals(key, 7))
    expect(uniforms(key, 0)).toHaveLength(0)
  })

  it("are uniform and normal", () => {
    expect(kolmogorov(uniforms(keyOf(12), 50000))).toBeGreaterThan(1e-3)
    expect(kolmogorov(normals(keyOf(13), 50000).map((z) => 0.5 * erfc(-z * Math.SQRT1_2)))).toBeGreaterThan(1e-3)
  })
})

describe("noise", () => {
  const particle = (size: number): NoiseAxis => ({ name: "particle", size })
  const row = (size: number): NoiseAxis => ({ name: "row", size })

  it("depends on coordinates alone: any size may grow", () => {
    const size = fc.integer({ min: 1, max: 4 })
    const grown = fc.array(fc.tuple(size, fc.integer({ min: 0, max: 3 })), { maxLength: 5 })
    fc.assert(
      fc.property(grown, size, fc.integer({ min: 0, max: 9 }), (sizes, event, more) => {
        const axes = (grow: boolean) => sizes.map(([n, extra], i) => ({ name: `axis${i}`, size: grow ? n + extra : n }))
        const small = words("s", axes(false), event)
        const large = words("s", axes(true), event + more)
        const offset = (flat: number): number => {
          let rest = Math.floor(flat / event)
          let at = flat % event
          let stride = event + more
          for (const [n, extra] of sizes.toReversed()) {
            at += (rest % n) * stride
            rest = Math.floor(rest / n)
            stride *= n + extra
          }
          return at
        }
        small.forEach((w, i) => expect(w).toBe(large[offset(i)]))
      }),
      { seed: 3, numRuns: 200 }
    )
  })

  it("is the word of the counter that its definition says", () => {
    const axes = ["a", "b", "c", "d"].map((name, i) => ({ name, size: 2 + i }))
    const all = words("s", axes, 7, keyOf(9), 5)
    const names = ["a", "b", "c", "d"].reduce<{ hi: number; lo: number }>(fold, fold({ hi: 0, lo: 0 }, "s"))
    const key = fold(fold(fold(fold(keyOf(9), 5), names.lo), names.hi), 1)
    const out = new Uint32Array(4)
    philox4x32(6 >>> 2, 4, 3, 2, key.lo, key.hi, out)
    const flat = (((1 * 3 + 2) * 4 + 3) * 5 + 4) * 7 + 6
    expect(all[flat]).toBe(out[6 % 4])
    expect(words("s", [], 7, keyOf(9), 5).slice(0, 3)).toEqual(Uint32Array.of(4123072897, 2029049884, 1385683167))
  })

  it("differs by seed, step, stream, axis names and their order", () => {
    const base = words("s", [particle(8), row(8)], 5)
    const others = [
      words("s", [particle(8), row(8)], 5, keyOf(2)),
      words("s", [particle(8), row(8)], 5, keyOf(1), 1),
      words("t", [particle(8), row(8)], 5),
      words("s", [row(8), particle(8)], 5),
      words("s", [particle(8), { name: "school", size: 8 }], 5),
      words("s", [particle(64)], 5),
      words("s", [], 320)
    ]
    for (const other of others) expect(Math.abs(correlation(unit(base), unit(other)))).toBeLessThan(4 / Math.sqrt(base.length))
    expect(new Set([base, ...others].map((w) => w[0])).size).toBe(others.length + 1)
  })

  it("has no two equal rows over nested axes", () => {
    const axes = [4, 5, 6, 7, 8].map((size, i) => ({ name: `axis${i}`, size }))
    const all = words("s", axes, 4)
    const rows = Array.from({ length: all.length / 4 }, (_, i) => all.slice(4 * i, 4 * i + 4).join())
    expect(new Set(rows).size).toBe(6720)
  })

  it("is uniform, and independent of its neighbours along every axis", () => {
    const [p, r, e] = [64, 32, 12]
    const u = unit(words("s", [particle(p), row(r)], e))
    expect(kolmogorov(u)).toBeGreaterThan(1e-3)
    expect(chiSquare(u, 512)).toBeGreaterThan(1e-3)
    for (const lag of [1, 4, e, e * r])
      expect(Math.abs(correlation(u.slice(lag), u.slice(0, -lag))), `lag ${lag}`).toBeLessThan(4 / Math.sqrt(u.length))
    const pairs = u.slice(1).map((v, i) => (Math.floor(16 * v) + Math.floor(16 * u[i]!) / 16) / 16)
    expect(
      chiSquare(
        pairs.filter((_, i) => i % 2 === 0),
        256
      )
    ).toBeGreaterThan(1e-3)
  })

  it("gives steps that are independent", () => {
    const first = Float64Array.from({ length: 20000 }, (_, step) => unit(words("s", [], 1, keyOf(4), step))[0]!)
    expect(kolmogorov(first)).toBeGreaterThan(1e-3)
    expect(Math.abs(correlation(first.slice(1), first.slice(0, -1)))).toBeLessThan(4 / Math.sqrt(first.length))
  })

  it("becomes uniforms that are the same in float32, inside the open interval", () => {
    const fill = noiseUniforms("s", ["particle"], [1000, 5, 2], 2)
    const key = Uint32Array.of(1, 2, 3)
    const double = new Float64Array(10000)
    const single = new Float32Array(10000)
    fill(key, double)
    fill(key, single)
    expect(Float64Array.from(single)).toEqual(double)
    expect(double.every((u) => u > 0 && u < 1)).toBe(true)
    expect(double.every((u) => Math.fround(2 * u - 1) === 2 * u - 1 && Math.abs(2 * u - 1) < 1)).toBe(true)
    expect(kolmogorov(double)).toBeGreaterThan(1e-3)
  })
})

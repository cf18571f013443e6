import sharp from "sharp"
import { describe, expect, it } from "vitest"
import type { NDArray } from "../../src/graph/types.ts"
import { calibrationRanks } from "../../src/plot/calibrationRanks.ts"
import { curves } from "../../src/plot/curves.ts"
import { density2d, mesh } from "../../src/plot/density2d.ts"
import { elboTrace } from "../../src/plot/elboTrace.ts"
import { histogram } from "../../src/plot/histogram.ts"
import { images } from "../../src/plot/images.ts"
import { layerByLayer } from "../../src/plot/layerByLayer.ts"
import { lossCurves } from "../../src/plot/lossCurves.ts"
import { mapping } from "../../src/plot/mapping.ts"
import { pairPlot } from "../../src/plot/pairPlot.ts"
import { predictive } from "../../src/plot/predictive.ts"
import { densities } from "../../src/plot/ramp.ts"
import { scaling } from "../../src/plot/scaling.ts"
import { scatter2d } from "../../src/plot/scatter2d.ts"
import { concat } from "../../src/plot/specification.ts"
import { palette } from "../../src/plot/theme.ts"
import { dotsOf, drawn, filesOf, linesOf, normals, textOf } from "./marks.ts"

const points = (rows: ReadonlyArray<ReadonlyArray<number>>): NDArray => ({
  shape: [rows.length, rows[0]!.length],
  data: Float64Array.from(rows.flat())
})
const normal = normals(7)
const cloud = (n: number) => Array.from({ length: n }, () => [normal(), normal()])

describe("scatter2d", () => {
  it("puts each point at its place, in its group's colour", async () => {
    const rows = [
      [0, 0],
      [1, 2],
      [3, -1],
      [-1.5, 3]
    ]
    const group = ["a", "b", "a", "b"]
    const text = await drawn(scatter2d(rows, { group, domain: { x: [-2, 4], y: [-2, 4] }, size: 300, axes: ["u", "v"] }))
    expect(dotsOf(text).map(({ x, y }) => [x, y])).toEqual(rows.map(([x, y]) => [50 * (x! + 2), 300 - 50 * (y! + 2)]))
    expect(dotsOf(text).map(({ fill }) => fill)).toEqual([palette[0], palette[1], palette[0], palette[1]])
    for (const words of ["a", "b", "u", "v"]) expect(textOf(text)).toContain(words)
  })

  it("thins a large cloud without regard to the order of its groups", async () => {
    const group = Array.from({ length: 4000 }, (_, i) => `mode ${i % 8}`)
    const dots = dotsOf(await drawn(scatter2d(cloud(4000), { group, most: 400, domain: { x: [-9, 9], y: [-9, 9] } })))
    expect(dots).toHaveLength(400)
    for (const color of palette) expect(dots.filter(({ fill }) => fill === color).length).toBeGreaterThan(25)
  })

  it("keeps a file of 2,000 points below 120 kB", async () => {
    expect((await drawn(scatter2d(cloud(5000)))).length).toBeLessThan(120_000)
  })
})

describe("density2d", () => {
  it("is an image whose pixels are the density's colours, the greatest y above", async () => {
    const { points: at, ...places } = mesh([-2, 2], [-1, 3], 20)
    const logDensity = Float64Array.from({ length: 400 }, (_, i) => -((at.data[2 * i]! - 1) ** 2) - (at.data[2 * i + 1]! - 2) ** 2)
    const text = await drawn(density2d({ bump: { ...places, logDensity, draws: [[1, 2]] } }))
    const { data } = await sharp(filesOf(text)[0]).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    const highest = Math.max(...logDensity)
    for (const [row, column] of [
      [0, 0],
      [5, 14],
      [4, 15],
      [19, 3]
    ] as const) {
      const share = Math.exp(logDensity[(19 - row) * 20 + column]! - highest)
      expect([...data.subarray(3 * (20 * row + column), 3 * (20 * row + column) + 3)]).toEqual([...densities[Math.round(255 * share)]!])
    }
    // places are the centres of pixels: half a cell of 4/19 beyond them at each side
    const [dot] = dotsOf(text)
    expect(dot!.x).toBeCloseTo((300 * (1 + 2 + 2 / 19)) / (4 + 4 / 19), 1)
    expect(dot!.y).toBeCloseTo(300 - (300 * (2 + 1 + 2 / 19)) / (4 + 4 / 19), 1)
  })

  it("shows several with one colour scale, and −∞ as white", async () => {
    const { points: at, ...places } = mesh([0, 1], [0, 1], 2)
    expect(at.shape).toEqual([4, 2])
    const high = { ...places, logDensity: [0, -Infinity, 0, 0] }
    const low = { ...places, logDensity: [-Math.LN2, -Math.LN2, -Math.LN2, -Math.LN2] }
    const text = await drawn(density2d({ high, low }))
    const [first, second] = await Promise.all(filesOf(text).map((file) => sharp(file).removeAlpha().raw().toBuffer()))
    expect([...first!.subarray(9, 12)]).toEqual([255, 255, 255])
    expect([...first!.subarray(0, 3)]).toEqual([...densities[255]!])
    expect([...second!.subarray(0, 3)]).toEqual([...densities[128]!])
    for (const name of ["high", "low"]) expect(textOf(text)).toContain(name)
  })

  it("has the colours that the highest density asks for, and no darker ones", async () => {
    const places = { x: [0, 1], y: [0, 1] }
    const log = [0.25, 0.5, 1, 2].map(Math.log)
    const text = await drawn(density2d({ of: { ...places, logDensity: log } }, { highest: 1 }))
    const pixels = await sharp(filesOf(text)[0]).removeAlpha().raw().toBuffer()
    const shown = [0, 1, 2, 3].map((i) => [...pixels.subarray(3 * i, 3 * i + 3)])
    expect(shown).toEqual([255, 255, 64, 128].map((level) => [...densities[level]!]))
    expect(textOf(text)).toContain("density 1")
  })

  it("keeps an image of 200 × 200 places small", async () => {
    const { points: at, ...places } = mesh([-3, 3], [-3, 3])
    const logDensity = Float64Array.from({ length: 40_000 }, (_, i) => -8 * (Math.hypot(at.data[2 * i]!, at.data[2 * i + 1]!) - 2) ** 2)
    expect((await drawn(density2d({ ring: { ...places, logDensity } }))).length).toBeLessThan(40_000)
  })
})

describe("layerByLayer", () => {
  it("shows the same draws in each panel, in the same colours, on the same axes", async () => {
    const base = cloud(50)
    const layers = [1, -1, 2].map((by, i) => ({ name: `layer ${i}`, draws: points(base.map((row) => row.map((v) => by * v))) }))
    const group = base.map((_, i) => (i % 2 === 0 ? "even" : "odd"))
    const text = await drawn(layerByLayer(layers, { group, domain: { x: [-8, 8], y: [-8, 8] } }))
    const dots = dotsOf(text)
    expect(dots).toHaveLength(150)
    const size = 220
    for (const [i, { x, y, fill }] of dots.entries()) {
      const by = [1, -1, 2][Math.floor(i / 50)]!
      expect(x).toBeCloseTo((size * (by * base[i % 50]![0]! + 8)) / 16, 1)
      expect(y).toBeCloseTo(size - (size * (by * base[i % 50]![1]! + 8)) / 16, 1)
      expect(fill).toBe(palette[i % 2])
    }
  })

  it("draws sixteen panels", async () => {
    const base = cloud(3000)
    const text = await drawn(layerByLayer(Array.from({ length: 16 }, (_, i) => ({ name: `spline ${i}`, draws: points(base) }))))
    expect(textOf(text).filter((words) => words.includes("spline"))).toHaveLength(16)
    expect(text.length).toBeLessThan(600_000)
  })
})

describe("elboTrace", () => {
  const history = Array.from({ length: 1000 }, (_, i) => {
    const applied = i !== 400 && i !== 700
    return { step: i + 1, elbo: applied ? -20 - 4 * Math.exp(-i / 100) : NaN, elboError: applied ? 0.5 : NaN, applied }
  })

  it("follows the objective, and marks what was rejected", async () => {
    const text = await drawn(elboTrace(history, { reference: { label: "log evidence", value: -19.5 }, title: "A fit" }))
    const [line] = linesOf(text)
    // the axis is linear: two places of the curve give it, a third is held to it
    const elboAt = (x: number) => -20 - 4 * Math.exp(-((x / 560) * 999) / 100)
    const [a, b, c] = [0.1, 0.9, 0.4].map((share) => line![Math.round(share * (line!.length - 1))]!)
    const scale = (elboAt(b![0]) - elboAt(a![0])) / (b![1] - a![1])
    expect(elboAt(a![0]) + scale * (c![1] - a![1])).toBeCloseTo(elboAt(c![0]), 1)
    expect(textOf(text)).toEqual(expect.arrayContaining(["2 rejected steps", "log evidence −19.50", "ELBO −20.00", "A fit"]))
  })
})

describe("a trace that begins far away", () => {
  it("has no coordinates that are very great, and shows its end", async () => {
    const far = Array.from({ length: 500 }, (_, i) => {
      const elbo = -100 - 1e9 * Math.exp(-i / 10)
      return { step: i + 1, elbo, elboError: 0.5, applied: true, epoch: i + 1, training: elbo, heldOut: elbo }
    })
    for (const specification of [elboTrace(far), lossCurves(far)]) {
      const points = linesOf(await drawn(specification)).flat()
      expect(Math.max(...points.map(([, y]) => Math.abs(y)))).toBeLessThan(5000)
      const [, end] = points.at(-1)!
      expect(end).toBeGreaterThan(0)
      expect(end).toBeLessThan(280)
    }
  })
})

describe("lossCurves", () => {
  it("shows minus the log densities, the best epoch and the entropy", async () => {
    const history = [1, 2, 3, 4, 5].map((epoch) => ({ epoch, training: -3 + 0.2 * epoch, heldOut: -3 - 0.1 * (epoch - 3) ** 2 }))
    const text = await drawn(lossCurves(history, { entropy: 1.5 }))
    const [training, heldOut] = linesOf(text)
    expect(training!.map(([x]) => x)).toEqual([0, 125, 250, 375, 500])
    const perNat = (training![4]![1] - training![0]![1]) / 0.8
    expect(heldOut!.map(([, y]) => 2.8 - (y - training![0]![1]) / perNat)).toEqual(
      [3.4, 3.1, 3, 3.1, 3.4].map((loss) => expect.closeTo(loss, 2) as number)
    )
    expect(textOf(text)).toEqual(expect.arrayContaining(["best 3.000", "held out 3.400", "training 2.000", "entropy 1.500"]))
    expect(dotsOf(text)[0]!.x).toBeCloseTo(250, 1)
  })
})

describe("histogram", () => {
  it("has bars whose areas add up to 1, and the curve on the same scale", async () => {
    const values = [0.5, 1.5, 1.6, 2.5]
    const specification = histogram(values, { bins: 3, domain: [0, 3], curve: { x: [0, 1.5, 3], density: [0, 0.5, 0] }, width: 300 })
    const text = await drawn(specification)
    const bars = [...text.matchAll(/d="M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+Z" fill="#c9dcec"/g)].map((m) => m.slice(1).map(Number))
    expect(bars.map(([x, , w]) => [x, w])).toEqual([
      [0, 100],
      [100, 100],
      [200, 100]
    ])
    expect(bars.map((bar) => bar[3]! / bars[0]![3]!)).toEqual([1, 2, 1].map((v) => expect.closeTo(v, 2) as number))
    const [line] = linesOf(text)
    // the middle bar's density and the curve's peak are both 1/2
    expect(line![1]![1]).toBeCloseTo(bars[1]![1]!, 1)
  })
})

describe("curves", () => {
  it("draws each function at its places, with its name and the note", async () => {
    const x = [-2, 0, 2]
    const text = await drawn(
      curves(
        { twice: { x, y: [-4, 0, 4] }, same: { x, y: x } },
        { note: "mean log-derivative 0.69", domain: { x: [-2, 2], y: [-4, 4] }, height: 200 }
      )
    )
    expect(linesOf(text)).toEqual([
      [
        [0, 200],
        [150, 100],
        [300, 0]
      ],
      [
        [0, 150],
        [150, 100],
        [300, 50]
      ]
    ])
    for (const words of ["twice", "same", "mean log-derivative 0.69"]) expect(textOf(text)).toContain(words)
  })
})

describe("mapping", () => {
  it("pushes a normal density forward, and tells the mean log-derivative", async () => {
    const x = Array.from({ length: 401 }, (_, i) => -6 + (12 * i) / 400)
    const map = { x, y: x.map((v) => 3 * v + 1), logDerivative: x.map(() => Math.log(3)) }
    const text = await drawn(mapping(map))
    expect(textOf(text)).toContain("mean log |f′| 1.10")
    const [pushed, , , base] = linesOf(text)
    // at f(x) its height is a third of that at x, on shelves that are filled alike
    const heights = (line: typeof pushed, along: 0 | 1) => line!.map((point) => Math.abs(point[along] - line![0]![along]))
    expect(Math.max(...heights(pushed, 0))).toBeCloseTo(Math.max(...heights(base, 1)), 0)
    expect(pushed!.map(([across]) => across).indexOf(Math.min(...pushed!.map(([across]) => across)))).toBe(200)
    // by rounding a hair below 0
    expect(textOf(await drawn(mapping({ x, y: x, logDerivative: x.map(() => -1e-17) })))).toContain("mean log |f′| 0.00")
  })
})

describe("scaling", () => {
  it("is straight for powers", async () => {
    const text = await drawn(scaling({ linear: [10, 1000, 100].map((size) => ({ size, value: 3 * size })) }, { axes: ["rows", "ms"] }))
    const [a, b, c] = linesOf(text)[0]!
    expect((b![0] - a![0]) / (c![0] - a![0])).toBeCloseTo(0.5, 2)
    expect((b![1] - a![1]) / (c![1] - a![1])).toBeCloseTo(0.5, 2)
    expect(textOf(text)).toEqual(expect.arrayContaining(["linear", "rows", "ms", "1,000"]))
  })
})

describe("predictive", () => {
  it("shows the observations beside the quantiles of their replications", async () => {
    const replications = Array.from({ length: 101 }, (_, i) => [i, i + 50])
    const text = await drawn(predictive([20, 100], replications, { kind: "intervals" }))
    const rules = [...text.matchAll(/<line transform="translate\(([\d.]+),([\d.]+)\)" x2="0" y2="(-?[\d.]+)" stroke="#2f6c9f"/g)].map((m) =>
      m.slice(1).map(Number)
    )
    const dots = dotsOf(text)
    const perUnit = (dots[0]!.y - dots[1]!.y) / 80
    expect(rules.map(([, , length]) => Math.abs(length!) / perUnit)).toEqual([90, 90, 50, 50].map((v) => expect.closeTo(v, 1) as number))
    expect(rules.map(([x]) => x)).toEqual([dots[0]!.x, dots[1]!.x, dots[0]!.x, dots[1]!.x])
  })

  it("overlays densities of whole data sets, at most 50 of them", async () => {
    const text = await drawn(
      predictive(
        cloud(30).map(([v]) => v!),
        Array.from({ length: 80 }, () => cloud(30).map(([v]) => v!))
      )
    )
    expect(linesOf(text)).toHaveLength(51)
    expect(textOf(text)).toEqual(expect.arrayContaining(["observed", "50 replications"]))
  })
})

describe("pairPlot", () => {
  it("has a corner of panels for several sets, with truths", async () => {
    const set = (shift: number) => ({
      x: points(cloud(400).map((row) => row.map((v) => v + shift))),
      s: { shape: [400], data: Float64Array.from({ length: 400 }, () => Math.exp(normal())) }
    })
    const specification = pairPlot(
      { posterior: set(0), reference: set(0.3) },
      { truth: { "x[0]": 0, s: 1 }, log: ["s"], labels: { "x[0]": "first" } }
    )
    const text = await drawn(specification)
    for (const words of ["posterior", "reference", "truth", "first", "x[1]", "s (log scale)"]) expect(textOf(text)).toContain(words)
    // three diagonals of two curves, and three pairs of two filled and four outlined regions, each of one ring or more
    expect(linesOf(text).length).toBeGreaterThanOrEqual(6 + 3 * 6)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
    expect(text.length).toBeLessThan(120_000)
  })
})

describe("calibrationRanks", () => {
  it("tells what leaves the band from what does not", async () => {
    const even = Array.from({ length: 200 }, (_, i) => i % 100)
    const low = even.map((rank) => Math.floor(rank / 3))
    for (const kind of ["ecdf", "histogram"] as const) {
      const words = textOf(await drawn(calibrationRanks({ mu: even, tau: low }, { draws: 99, kind })))
      expect(words).toContain("mu")
      expect(words).toContain("tau, outside")
    }
  })

  it("draws the differences of the distribution functions", async () => {
    // a quarter of the ranks too many below one half
    const ranks = Array.from({ length: 100 }, (_, i) => (i < 75 ? i % 5 : 5 + (i % 5)))
    const [line] = linesOf(await drawn(calibrationRanks({ mu: ranks }, { draws: 9 })))
    const middle = line![0]![1]
    const heights = line!.map(([, y]) => middle - y)
    expect(heights.map((h) => (0.25 * h) / heights[5]!)).toEqual(
      [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.2, 0.15, 0.1, 0.05, 0].map((v) => expect.closeTo(v, 3) as number)
    )
  })
})

describe("images", () => {
  it("sets grey images side by side, dark where values are high", async () => {
    const data = Float32Array.of(0, 1, 1, 0, /**/ 0.5, 0, 0, 0, /**/ 1, 1, 1, 1)
    const text = await drawn(images({ shape: [3, 2, 2], data }, { columns: 2, rows: ["data", "samples"], zoom: 10 }))
    const { data: pixels, info } = await sharp(filesOf(text)[0]).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([6, 6])
    const red = (x: number, y: number) => pixels[3 * (6 * y + x)]
    expect([red(0, 0), red(1, 0), red(0, 1), red(2, 0), red(4, 0), red(0, 4), red(5, 5)]).toEqual([255, 27, 27, 255, 141, 27, 255])
    for (const words of ["data", "samples"]) expect(textOf(text)).toContain(words)
    expect(text).toContain("pixelated")
  })
})

describe("concat", () => {
  it("holds all pictures under one title", async () => {
    const text = await drawn(
      concat([histogram([1, 2, 3], { title: "First" }), pairPlot({ only: { x: points(cloud(50)) } }, { title: "Second" })], {
        title: "Both",
        columns: 1
      })
    )
    for (const words of ["First", "Second", "Both"]) expect(textOf(text)).toContain(words)
  })
})

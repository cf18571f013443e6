/** Units write where they say, and nowhere else. */
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { ModuleBuilder } from "../../src/engine/wasm/assembler/module.ts"
import { lower } from "../../src/engine/wasm/plan/lower/lower.ts"
import type { Precision } from "../../src/engine/wasm/plan/lower/lower.ts"
import { bytesOf } from "../../src/engine/wasm/plan/nest.ts"
import { functionsOf } from "../../src/engine/wasm/unit.ts"
import { leadOf } from "../../src/engine/wasm/units/layout.ts"
import { unitsOf } from "../../src/engine/wasm/units/units.ts"
import { add, apply, bind, concat, mul, sum, transpose } from "../../src/graph/bind.ts"
import { dot } from "../../src/graph/primitive/product.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { range, sizeOf } from "../../src/graph/shape.ts"
import type { Shape } from "../../src/graph/types.ts"
import type { Value } from "../../src/graph/value.ts"

const gap = 256

/** Runs each unit in memory of its own, every value and the workspace between bytes that are looked at afterwards. */
const keepsToItself = (
  precision: Precision,
  relaxed: boolean,
  shapes: ReadonlyArray<Shape>,
  build: (...x: ReadonlyArray<Value>) => ReadonlyArray<Value>
): void => {
  const graph = newRecorder(undefined)
  const [inputs, outputs] = within(graph, () => {
    const values = shapes.map((shape, i) => real(emit("input", [], { name: `${i}`, shape }, "f32")))
    return [values.map((v) => v.id), build(...values).map((v) => v.id)]
  })
  const lowered = lower(graph, outputs, inputs, precision)
  for (const u of unitsOf(lowered)) {
    const at = new Map<number, number>()
    const mine: Array<readonly [from: number, to: number]> = []
    let top = gap
    for (const { value } of [...u.reads, ...u.writes]) {
      if (at.has(value)) continue
      const c = lowered.computations[value]!
      at.set(value, top + leadOf(c))
      const to = top + leadOf(c) + sizeOf(c.shape) * bytesOf(c.dtype)
      if (u.writes.some((w) => w.value === value)) mine.push([top, to])
      top = Math.ceil(to / 16) * 16 + gap
    }
    mine.push([top, top + u.workspace])
    const workspace = top
    const pages = Math.ceil((top + u.workspace + gap) / 65536)
    const m = new ModuleBuilder(relaxed)
    const unit = functionsOf(m).unit(u)
    m.export(
      "run",
      m.function([], [], (f) => {
        for (const p of [...u.reads, ...u.writes]) f.i32(at.get(p.value)! + p.offset)
        if (u.workspace > 0) f.i32(workspace)
        f.call(unit)
      })
    )
    const memory = new WebAssembly.Memory({ initial: pages })
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(m.build({ pages })), { host: { memory } })
    const bytes = new Uint8Array(memory.buffer)
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 37) & 63
    const before = bytes.slice()
    const run = exports["run"] as () => void
    run()
    for (const [from, to] of mine) before.set(bytes.subarray(from, to), from)
    expect(Buffer.compare(bytes, before), `${u.name} ${u.label}`).toBe(0)
  }
}

const precision = fc.constantFrom<Precision>("float32", "float64")
const side = fc.integer({ min: 1, max: 41 })

test("products of all sizes, packed or as they are", () => {
  const long = fc.oneof(side, fc.integer({ min: 250, max: 270 }))
  fc.assert(
    fc.property(precision, fc.boolean(), side, long, fc.oneof(side, fc.constantFrom(100, 150)), fc.nat(3), (p, relaxed, M, K, N, turn) => {
      const [ta, tb] = [(turn & 1) === 1, (turn & 2) === 2]
      keepsToItself(p, relaxed, [ta ? [K, M] : [M, K], tb ? [N, K] : [K, N]], (x, y) => [
        dot(x, y, ta, tb),
        dot(apply("neg", x), y, ta, tb)
      ])
    }),
    { seed: 21, numRuns: 60 }
  )
})

test("loops over elements, sums and parts", () => {
  fc.assert(
    fc.property(precision, fc.boolean(), fc.array(side, { minLength: 1, maxLength: 3 }), fc.nat(7), (p, relaxed, s, mask) => {
      const axes = range(s.length).filter((d) => (mask >> d) & 1)
      keepsToItself(p, relaxed, [s, s.map((d, i) => ((mask >> i) & 1 ? 1 : d))], (x, y) => {
        const z = add(mul(x, y), apply("tanh", x))
        const reduced = axes.length === 0 ? z : sum(z, axes)
        return [z, reduced, bind("max", [transpose(z, range(s.length).toReversed())], { axes: [0] }), concat([z, x, z], s.length - 1)]
      })
    }),
    { seed: 22, numRuns: 40 }
  )
})

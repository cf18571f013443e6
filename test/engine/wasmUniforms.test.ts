import fc from "fast-check"
import { expect, test } from "vitest"
import { ModuleBuilder } from "../../src/engine/wasm/assembler/module.ts"
import type { Real } from "../../src/engine/wasm/math/emitter.ts"
import { philoxType, writePhilox } from "../../src/engine/wasm/math/philox.ts"
import type { Block } from "../../src/engine/wasm/math/uniforms.ts"
import { writeUniforms } from "../../src/engine/wasm/math/uniforms.ts"
import { philox4x32 } from "../../src/random/philox.ts"
import { uniformOf } from "../../src/random/uniform.ts"
import { arrayOf } from "./mathModule.ts"

const GUARD = 5

/** The block behind which GUARD numbers must stay as they were, and the address at which filling ended. */
const filled = (dtype: Real, block: Block, low: number, high: number) => {
  const m = new ModuleBuilder(false)
  const philox = m.function(philoxType.params, philoxType.results, writePhilox)
  m.export(
    "fill",
    m.function(["i32", "i32", "i32"], ["i32"], (f) => {
      writeUniforms(f, philox, dtype, block, { out: 0, keyLow: 1, keyHigh: 2 })
      f.get(0)
    })
  )
  const pages = 1
  const memory = new WebAssembly.Memory({ initial: pages })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(m.build({ pages })), { host: { memory } })
  const count = block.slabs * block.rows * block.columns * block.event
  const values = dtype === "f32" ? new Float32Array(memory.buffer, 0, count + GUARD) : new Float64Array(memory.buffer, 0, count + GUARD)
  values.fill(-1)
  const end = (instance.exports["fill"] as (out: number, low: number, high: number) => number)(0, low, high)
  return { values: [...values], end: end / values.BYTES_PER_ELEMENT }
}

const expected = (dtype: Real, { slabs, rows, columns, event }: Block, low: number, high: number): ReadonlyArray<number> => {
  const words = new Uint32Array(4)
  const out: Array<number> = []
  for (let slab = 0; slab < slabs; slab++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let e = 0; e < event; e++) {
          philox4x32(e >>> 2, column, row, slab, low, high, words)
          out.push(uniformOf(words[e % 4]!))
        }
  return [...arrayOf(dtype, out)]
}

test.each(["f32", "f64"] as const)("%s: bit for bit the reference's, and nothing beyond", (dtype) => {
  const size = (max: number) => fc.integer({ min: 1, max })
  const block = fc.record({ slabs: size(3), rows: size(4), columns: size(13), event: size(21) })
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  fc.assert(
    fc.property(block, word, word, (b, low, high) => {
      const reference = expected(dtype, b, low, high)
      expect(filled(dtype, b, low, high)).toEqual({ values: [...reference, ...Array<number>(GUARD).fill(-1)], end: reference.length })
    }),
    { seed: 11, numRuns: 120 }
  )
})

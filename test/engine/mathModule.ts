/** A function of the table as a little module that maps arrays. */
import { ModuleBuilder } from "../../src/engine/wasm/assembler/module.ts"
import type { Real } from "../../src/engine/wasm/math/emitter.ts"
import { mathFunctions } from "../../src/engine/wasm/math/table.ts"

const BLOCK = 1 << 15

export type RealArray = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

export const arrayOf = (dtype: Real, length: number | ReadonlyArray<number>): RealArray =>
  dtype === "f32" ? new Float32Array(length as ArrayLike<number>) : new Float64Array(length as ArrayLike<number>)

export const mathModule = (name: string, dtype: Real, relaxed: boolean): ((...inputs: ReadonlyArray<RealArray>) => RealArray) => {
  const m = new ModuleBuilder(relaxed)
  const built = new Map<string, number>()
  const indexOf = (callee: string, lanes: Real): number => {
    const key = `${callee} ${lanes}`
    const { arguments: count, emit } = mathFunctions[callee]!
    const index =
      built.get(key) ??
      m.function(
        Array.from({ length: count }, () => "v128" as const),
        ["v128"],
        (f) => emit(f, lanes, (other, as = lanes) => f.call(indexOf(other, as)))
      )
    built.set(key, index)
    return index
  }
  const inputs = mathFunctions[name]!.arguments
  const fn = indexOf(name, dtype)
  m.export(
    "run",
    m.function(["i32"], [], (f) => {
      const i = f.local("i32")
      f.loop(() => {
        f.get(i)
        for (let k = 1; k <= inputs; k++) f.get(i).memory("v128.load", k * BLOCK)
        f.call(fn).memory("v128.store").get(i).i32(16).op("i32.add").tee(i).get(0).op("i32.lt_s").brIf(0)
      })
    })
  )
  const pages = Math.ceil(((inputs + 1) * BLOCK) / 65536)
  const memory = new WebAssembly.Memory({ initial: pages })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(m.build({ pages })), { host: { memory } })
  const run = instance.exports["run"] as (bytes: number) => void
  const width = dtype === "f32" ? 4 : 8
  const views = Array.from({ length: inputs + 1 }, (_, k) =>
    dtype === "f32" ? new Float32Array(memory.buffer, k * BLOCK, BLOCK / 4) : new Float64Array(memory.buffer, k * BLOCK, BLOCK / 8)
  )
  return (...values) => {
    const out = arrayOf(dtype, values[0]!.length)
    for (let at = 0; at < out.length; at += BLOCK / width) {
      const count = Math.min(out.length - at, BLOCK / width)
      values.forEach((v, k) => views[k + 1]!.set(v.subarray(at, at + count)))
      run(count * width)
      out.set(views[0]!.subarray(0, count), at)
    }
    return out
  }
}

/** A WebAssembly module: one memory, which is imported, and functions. */
import { Bytes } from "./bytes.ts"
import type { ValueType } from "./function.ts"
import { FunctionBuilder, valueTypes } from "./function.ts"
import { Pool } from "./pool.ts"

export interface MemoryLimits {
  readonly pages: number
  /** Of a shared memory, which must have one. */
  readonly maximum?: number
}

export class ModuleBuilder {
  private readonly types = new Map<string, { readonly params: ReadonlyArray<ValueType>; readonly results: ReadonlyArray<ValueType> }>()
  private readonly functions: Array<FunctionBuilder> = []
  private readonly exports: Array<readonly [name: string, index: number]> = []
  private readonly pool = new Pool()
  private readonly relaxed: boolean

  /** `relaxed`: whether functions may use relaxed SIMD. */
  constructor(relaxed: boolean) {
    this.relaxed = relaxed
  }

  private type(params: ReadonlyArray<ValueType>, results: ReadonlyArray<ValueType>): number {
    const key = `${params.join()}→${results.join()}`
    if (!this.types.has(key)) this.types.set(key, { params, results })
    return [...this.types.keys()].indexOf(key)
  }

  /** Writes a function and gives its index. `body` may add the functions that it calls. */
  function(params: ReadonlyArray<ValueType>, results: ReadonlyArray<ValueType>, body: (f: FunctionBuilder) => void): number {
    const f = new FunctionBuilder(params, results, this.relaxed, this.pool)
    body(f)
    return this.functions.push(f) - 1
  }

  export(name: string, index: number): void {
    this.exports.push([name, index])
  }

  /** The memory is imported as `host.memory`. */
  build({ pages, maximum }: MemoryLimits): Uint8Array<ArrayBuffer> {
    const out = new Bytes(65536).append([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
    const section = (id: number, count: number, write: (b: Bytes) => void): void => {
      const body = new Bytes().unsigned(count)
      write(body)
      out.byte(id).sized(body.contents)
    }
    const typeOf = this.functions.map((f) => this.type(f.params, f.results))
    const list = (b: Bytes, types: ReadonlyArray<ValueType>): Bytes => b.unsigned(types.length).append(types.map((t) => valueTypes[t]))
    section(1, this.types.size, (b) => {
      for (const { params, results } of this.types.values()) list(list(b.byte(0x60), params), results)
    })
    section(2, 1, (b) => {
      b.text("host").text("memory").byte(2)
      if (maximum === undefined) b.byte(0).unsigned(pages)
      else b.byte(3).unsigned(pages).unsigned(maximum)
    })
    section(3, typeOf.length, (b) => typeOf.forEach((t) => b.unsigned(t)))
    section(6, this.pool.vectors.length, (b) => {
      for (const vector of this.pool.vectors) b.append([valueTypes.v128, 0, 0xfd, 12]).append(vector).byte(0x0b)
    })
    section(7, this.exports.length, (b) => this.exports.forEach(([name, index]) => b.text(name).byte(0).unsigned(index)))
    section(10, this.functions.length, (b) => this.functions.forEach((f) => b.sized(bodyOf(f))))
    return out.contents
  }
}

const bodyOf = (f: FunctionBuilder): Uint8Array => {
  const runs: Array<{ count: number; readonly type: ValueType }> = []
  for (const type of f.locals) {
    const last = runs.at(-1)
    if (last?.type === type) last.count++
    else runs.push({ count: 1, type })
  }
  const code = new Bytes().unsigned(runs.length)
  for (const { count, type } of runs) code.unsigned(count).byte(valueTypes[type])
  return code.append(f.bytes).byte(0x0b).contents
}

/** Traces and compiles the step of a case, the first thing in its process, and takes some steps; prints what that took. */
import * as Effect from "effect/Effect"
import { type TypedArray, wasm } from "pushforward"
import { hasRelaxedSimd } from "../../src/engine/wasm/assembler/features.ts"
import { compile } from "../../src/engine/wasm/compile.ts"
import { stateInputs } from "../../src/inference/step.ts"
import { cases } from "../cases.ts"

export interface Beginning {
  readonly traceMs: number
  readonly compileMs: number
  /** Both, once the code that does it is warm: as for the next models of a process. */
  readonly againMs: number
  readonly nodes: number
  readonly codeBytes: number
  readonly memoryBytes: number
  readonly peakBytes: number
  /** What each further step of a call allocates for JavaScript's collector. */
  readonly heapBytesAStep: number
}

const [name] = process.argv.slice(2)
const { step } = cases.find((c) => c.name === name)!

const rowsOf = (count: number) => ({
  rate: new Float64Array(count),
  count: new Float64Array(count).fill(1),
  key: Uint32Array.from({ length: 3 * count }, (_, i) => (i % 3 === 2 ? Math.floor(i / 3) : 1))
})

const collect = (globalThis as unknown as { readonly gc: () => void }).gc

const begin = Effect.scoped(
  Effect.gen(function* () {
    const { program, inputs, traceMs } = step()
    const traced = performance.now()
    const { run } = yield* wasm().iterate(program, stateInputs)
    const compileMs = performance.now() - traced
    const state: ReadonlyArray<TypedArray> = stateInputs.map((key) => inputs[key]!)
    // the least of calls of few and of many steps: code that is still being optimised allocates too
    const calls = [2, 22].map((count) => ({ count, rows: rowsOf(count), least: Infinity }))
    const end = performance.now() + 1500
    for (let i = 0; i < 3 || performance.now() < end; i++) {
      for (const call of calls) {
        collect()
        const before = process.memoryUsage().heapUsed
        yield* run(state, call.rows, call.count)
        call.least = Math.min(call.least, process.memoryUsage().heapUsed - before)
      }
    }
    const [few, many] = calls.map(({ least }) => least) as [number, number]
    let againMs = Infinity
    for (let i = 0; i < 10; i++) {
      const next = step()
      const began = performance.now()
      yield* Effect.scoped(wasm().iterate(next.program, stateInputs))
      againMs = Math.min(againMs, next.traceMs + performance.now() - began)
    }
    const { bytes, memory } = compile(program, { precision: "float32", relaxed: hasRelaxedSimd(), carried: stateInputs })
    return {
      traceMs,
      compileMs,
      againMs,
      nodes: program.graph.nodes.length,
      codeBytes: bytes.length,
      memoryBytes: memory.bytes,
      peakBytes: memory.peak,
      heapBytesAStep: Math.max(0, Math.round((many - few) / 20))
    } satisfies Beginning
  })
)

process.stdout.write(JSON.stringify(Effect.runSync(begin)))

/** What a compiled program does, for people. */
import type { Program } from "../graph/types.ts"
import { grid } from "./grid.ts"
import { hasRelaxedSimd } from "../engine/wasm/assembler/features.ts"
import type { Work } from "../engine/wasm/compile.ts"
import { compile } from "../engine/wasm/compile.ts"
import type { WasmOptions } from "../engine/wasm/wasm.ts"

const amount = (n: number): string => {
  const units = ["", " k", " M", " G"]
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(n, 1)) / 3)))
  return `${(n / 1000 ** step).toFixed(step === 0 ? 0 : 1)}${units[step]}`
}

export interface ExplainOptions extends WasmOptions {
  /** The inputs that the program's first outputs are the next values of, where it is run in a row. */
  readonly carried?: ReadonlyArray<string>
}

/**
 * A table of what a program becomes in the compiled engine: equal units together, the most work first, with what was fused, floating-point
 * operations and bytes read and written each time that the program runs; then its memory. For the step of a fit see
 * `explainFit`.
 *
 * @example
 * ```ts
 * import { explain } from "pushforward"
 *
 * const program = { graph: { nodes: [{ op: "fill", inputs: [], attributes: { value: 1, shape: [3] }, shape: [3], dtype: "f32" as const, origin: "" }] }, inputs: [], outputs: [0] }
 * console.log(explain(program))
 * ```
 */
export const explain = (
  program: Program,
  { precision = "float32", fused: relaxed = hasRelaxedSimd(), threads = 1, carried }: ExplainOptions = {}
): string => {
  const { units, memory, bytes } = compile(program, { precision, relaxed, threads, carried })
  const kinds = new Map<string, { readonly work: Work; count: number }>()
  for (const work of units) {
    const kind = kinds.get(work.kind)
    if (kind === undefined) kinds.set(work.kind, { work, count: 1 })
    else kind.count++
  }
  const total = (of: (w: Work) => number): number => units.reduce((n, w) => n + of(w), 0)
  const rows = [...kinds.values()]
    .sort((a, b) => b.count * b.work.flops - a.count * a.work.flops)
    .map(({ work, count }) => [work.name, work.label, `${count}`, amount(count * work.flops), amount(count * work.bytes)])
  return [
    grid(
      ["unit", "", "times", "FLOP", "bytes"],
      [...rows, ["all", "", `${units.length}`, amount(total((w) => w.flops)), amount(total((w) => w.bytes))]]
    ),
    `${kinds.size} functions, ${amount(bytes.length)}B of code; ${amount(memory.bytes)}B of memory, ${amount(memory.peak)}B alive at most.`
  ].join("\n")
}

/** What the machine's WebAssembly can do. */
import { ModuleBuilder } from "./module.ts"

/** Relaxed SIMD: a multiply-add that is fused where the processor has one. */
export const hasRelaxedSimd = (): boolean => {
  const m = new ModuleBuilder(true)
  m.function(["v128", "v128", "v128"], ["v128"], (f) => f.get(0).get(1).get(2).madd("f32x4"))
  return WebAssembly.validate(m.build({ pages: 0 }))
}

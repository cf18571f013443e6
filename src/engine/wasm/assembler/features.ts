/** What the machine's WebAssembly can do. */
import { ModuleBuilder } from "./module.ts"

/**
 * Relaxed SIMD whose multiply-add is fused: (1 + 2⁻³⁰)(1 − 2⁻³⁰) − 1 = −2⁻⁶⁰, where two roundings leave 0. Exact products rely on it, and without fusion
 * there is nothing to gain.
 */
export const hasRelaxedSimd = (): boolean => {
  const m = new ModuleBuilder(true)
  m.export(
    "probe",
    m.function(["f64", "f64"], ["f64"], (f) =>
      f.get(0).op("f64x2.splat").get(1).op("f64x2.splat").splat("f64x2", -1).madd("f64x2").lane("f64x2.extract_lane", 0)
    )
  )
  const bytes = m.build({ pages: 0 })
  if (!WebAssembly.validate(bytes)) return false
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory: new WebAssembly.Memory({ initial: 0 }) } })
  return (exports["probe"] as (a: number, b: number) => number)(1 + 2 ** -30, 1 - 2 ** -30) !== 0
}

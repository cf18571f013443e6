/** Whether all numbers of a block are finite: x − x is 0 where x is, and NaN elsewhere. */
import type { FunctionBuilder } from "./assembler/function.ts"

/** Its function takes an address and a number of bytes, and gives 1 or 0. */
export const finiteFunction = (dtype: "f32" | "f64") => (f: FunctionBuilder) => {
  const [address, bytes] = [0, 1]
  const lanes = dtype === "f32" ? "f32x4" : "f64x2"
  const [x, sum, end] = [f.local("v128"), f.local("v128"), f.local("i32")]
  const upTo = (tail: number, step: number, load: () => void): void => {
    f.get(address).get(bytes).i32(-tail).op("i32.and").op("i32.add").set(end)
    f.get(address).get(end).op("i32.lt_u")
    f.if(() =>
      f.loop(() => {
        load()
        f.set(x).get(sum).get(x).get(x).op(`${lanes}.sub`).op(`${lanes}.add`).set(sum)
        f.get(address).i32(step).op("i32.add").tee(address).get(end).op("i32.lt_u").brIf(0)
      })
    )
    f.get(bytes)
      .i32(tail - 1)
      .op("i32.and")
      .set(bytes)
  }
  upTo(16, 16, () => f.get(address).memory("v128.load"))
  const size = dtype === "f32" ? 4 : 8
  upTo(size, size, () => f.get(address).memory(dtype === "f32" ? "v128.load32_zero" : "v128.load64_zero"))
  f.get(sum)
    .get(sum)
    .op(`${lanes}.eq`)
    .op(dtype === "f32" ? "i32x4.all_true" : "i64x2.all_true")
}

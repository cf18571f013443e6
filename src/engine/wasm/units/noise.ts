/** Uniform noise: the same bits as `noiseWords` gives. */
import { showShape, sizeOf } from "../../../graph/shape.ts"
import type { Key } from "../../../random/key.ts"
import { fold } from "../../../random/key.ts"
import type { FunctionBuilder } from "../assembler/function.ts"
import { philoxType, writePhilox } from "../math/philox.ts"
import { writeUniforms } from "../math/uniforms.ts"
import type { Computation } from "../plan/computation.ts"
import { viewsOf } from "../plan/computation.ts"
import { keyOf } from "../plan/nest.ts"
import type { Functions, Unit } from "../unit.ts"

const philox = (functions: Functions): number => functions.shared("philox", philoxType.params, philoxType.results, writePhilox)

/** The last counter word of keys that are folded with a number: see key.ts. */
const numberWord = 1

interface KeyLocals {
  readonly hi: number
  readonly lo: number
}

/** Folds the key in `from` with the number that is pushed, into `to`. */
const writeFold = (f: FunctionBuilder, functions: Functions, from: KeyLocals, number: () => void, to: KeyLocals): void => {
  number()
  f.op("i32x4.splat").splat("i32x4", 0).splat("i32x4", 0).splat("i32x4", numberWord)
  f.get(from.lo).get(from.hi).call(philox(functions)).drop().drop()
  f.lane("i32x4.extract_lane", 0).set(to.hi).lane("i32x4.extract_lane", 0).set(to.lo)
}

export const uniformUnit = (value: number, c: Computation): Unit => {
  const { stream, axes, event } = c.attributes as { readonly stream: string; readonly axes: ReadonlyArray<string>; readonly event: number }
  const rank = c.shape.length - event
  const names: Key = axes.reduce((key, name) => fold(key, name), fold({ hi: 0, lo: 0 }, stream))
  const sizes = [1, 1, 1, ...c.shape.slice(0, rank)]
  const outer = sizes.slice(3, -3)
  const [slabs, rows, columns] = sizes.slice(-3) as [number, number, number]
  const block = { slabs, rows, columns, event: sizeOf(c.shape.slice(rank)) }
  const [key] = viewsOf(c)
  return {
    name: "uniform",
    label: `${stream} ${showShape(c.shape)}`,
    flops: 0,
    reads: [{ value: key!.value, offset: key!.offset * 4 }],
    writes: [{ value, offset: 0 }],
    workspace: 0,
    key: keyOf([c.dtype, names, c.shape, event]),
    write: (f, functions) => {
      const locals = (): KeyLocals => ({ hi: f.local("i32"), lo: f.local("i32") })
      const start = locals()
      const fill = (depth: number, k: KeyLocals): void => {
        if (depth === outer.length) {
          return writeUniforms(f, philox(functions), c.dtype === "f64" ? "f64" : "f32", block, { out: 1, keyLow: k.lo, keyHigh: k.hi })
        }
        const at = f.local("i32")
        const folded = locals()
        f.for(at, 0, outer[depth]!, 1, () => {
          writeFold(f, functions, k, () => f.get(at), folded)
          fill(depth + 1, folded)
        })
      }
      f.get(0).memory("i32.load").set(start.hi).get(0).memory("i32.load", 4).set(start.lo)
      for (const number of [() => f.get(0).memory("i32.load", 8), () => f.i32(names.lo), () => f.i32(names.hi)]) {
        writeFold(f, functions, start, number, start)
      }
      fill(0, start)
    }
  }
}

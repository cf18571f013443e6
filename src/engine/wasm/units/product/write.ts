/** Code of a matrix product: rows of the left factor are spread over lanes, the right factor is read a vector at a time, out of panels that stay near. */
import type { FunctionBuilder } from "../../assembler/function.ts"
import type { Nest } from "../../plan/nest.ts"
import type { Functions } from "../../unit.ts"
import type { Offsets } from "../nest/walk.ts"
import { packLeft, packRight } from "./pack.ts"
import type { Product } from "./plan.ts"
import { block, planOf, tilesOf } from "./plan.ts"
import { following, storing } from "./result.ts"
import { registersOf, writeTile } from "./tile.ts"

/** The first parameters: the factors and the result, where there is no epilogue. The last one is the workspace, if there is one. */
const [leftParam, rightParam, outParam] = [0, 1, 2] as const

export const writeProduct = (f: FunctionBuilder, functions: Functions, p: Product, epilogue: Nest | undefined): void => {
  const plan = planOf(p)
  const { batches, M, K, N, left, right } = p
  const { bytes, nr, width, rightBytes } = plan
  const workParam = f.params.length - 1
  const i32 = (): number => f.local("i32")
  const [batch, kBlock, panelLeft, panelRight, done] = [i32(), i32(), i32(), i32(), i32()]
  const registers = registersOf(f, plan)
  const blocks = Math.ceil(K / block)
  const rightStep = plan.packRight ? nr * bytes : right.row
  const rightPanel = plan.packRight ? K * nr * bytes : nr * right.column
  const move = (local: number, by: number): void => void f.get(local).i32(by).op("i32.add").set(local)
  const result = epilogue === undefined ? storing(f, p, plan, outParam, blocks > 1) : following(f, functions, epilogue, plan)
  const { walk } = result

  /** All rows of a panel of `columns` columns, by `length` steps of K; `done` are the bytes of a row of the left factor that are behind. */
  const panel = (columns: number, length: number, start: Offsets): void => {
    let above = 0
    let offsets = start
    for (const { height, count } of tilesOf(p, plan, Math.ceil(columns / width))) {
      const steps = {
        leftRow: plan.packLeft ? bytes : left.row,
        left: plan.packLeft ? height * bytes : left.column,
        right: rightStep
      }
      f.get(panelLeft)
        .i32(above * (plan.packLeft ? K * bytes : left.row))
        .op("i32.add")
        .get(done)
        .i32(plan.packLeft ? height : 1)
        .op("i32.mul")
        .op("i32.add")
        .set(registers.left)
      above += height * count
      offsets = walk.repeated(0, count, height, offsets, (at) => {
        const sums = writeTile(f, p, plan, steps, registers, height, columns, length)
        result.finish(sums, columns, at)
        move(registers.left, height * (plan.packLeft ? K * bytes : left.row))
      })
    }
  }

  const panels = (length: number): void => {
    f.get(panelRight).set(registers.right)
    const end = walk.repeated(1, Math.floor(N / nr), nr, walk.start, (at) => {
      panel(nr, length, at)
      move(registers.right, rightPanel)
    })
    if (N % nr > 0) panel(N % nr, length, end)
  }

  const once = (): void => {
    const target = f.local("i32")
    if (plan.packRight || plan.packLeft) f.get(workParam).set(target)
    if (plan.packRight) packRight(f, p, plan, rightParam, target)
    if (plan.packLeft) {
      f.get(workParam).i32(rightBytes).op("i32.add").tee(panelLeft).set(target)
      packLeft(f, p, plan, leftParam, target)
    } else f.get(leftParam).set(panelLeft)
    f.get(plan.packRight ? workParam : rightParam).set(panelRight)
    f.i32(0).set(done)
    if (K === 0 || blocks > 1)
      f.get(outParam)
        .i32(0)
        .i32(M * N * bytes)
        .fill()
    if (blocks === 1) panels(K)
    if (blocks <= 1) return
    f.for(kBlock, 0, Math.floor(K / block), 1, () => {
      panels(block)
      move(panelRight, block * rightStep)
      move(done, block * (plan.packLeft ? bytes : left.column))
    })
    if (K % block > 0) panels(K % block)
  }

  if (batches === 1) once()
  else
    f.for(batch, 0, batches, 1, () => {
      once()
      move(leftParam, p.leftBatch)
      move(rightParam, p.rightBatch)
      move(outParam, M * N * bytes)
    })
}

/** Code of a matrix product: rows of the left factor are spread over lanes, the right factor is read a vector at a time, out of panels that stay near. */
import type { FunctionBuilder } from "../../assembler/function.ts"
import { packLeft, packRight } from "./pack.ts"
import type { Product } from "./plan.ts"
import { block, planOf, tilesOf } from "./plan.ts"
import { registersOf, writeTile } from "./tile.ts"

/** The function's parameters: the factors, the result and the workspace. */
const [leftParam, rightParam, outParam, workParam] = [0, 1, 2, 3] as const

export const writeProduct = (f: FunctionBuilder, p: Product): void => {
  const plan = planOf(p)
  const { batches, M, K, N, left, right } = p
  const { bytes, nr, width, rightBytes } = plan
  const i32 = (): number => f.local("i32")
  const [batch, i, j, kBlock, panelLeft, panelRight, column, done] = [i32(), i32(), i32(), i32(), i32(), i32(), i32(), i32()]
  const registers = registersOf(f, plan)
  const blocks = Math.ceil(K / block)
  const rightStep = plan.packRight ? nr * bytes : right.row
  const rightPanel = plan.packRight ? K * nr * bytes : nr * right.column
  const move = (local: number, by: number): void => void f.get(local).i32(by).op("i32.add").set(local)

  /** All rows of a panel of `columns` columns, by `length` steps of K; `done` are the bytes of a row of the left factor that are behind. */
  const panel = (columns: number, length: number): void => {
    let above = 0
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
      f.for(i, 0, count, 1, () => {
        writeTile(f, p, plan, steps, registers, { rows: height, count: columns, length, adds: blocks > 1 })
        move(registers.left, height * (plan.packLeft ? K * bytes : left.row))
        move(registers.out, height * N * bytes)
      })
    }
  }

  const panels = (length: number): void => {
    f.get(panelRight).set(registers.right).get(outParam).set(column)
    f.for(j, 0, Math.floor(N / nr), 1, () => {
      f.get(column).set(registers.out)
      panel(nr, length)
      move(registers.right, rightPanel)
      move(column, nr * bytes)
    })
    if (N % nr === 0) return
    f.get(column).set(registers.out)
    panel(N % nr, length)
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

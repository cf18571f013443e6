/** Functions of one row, compiled for blocks of rows, in float64 whatever the engine. */
import type * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine } from "../../engine/engine.ts"
import type { EngineError } from "../../errors.ts"
import { sizeOf } from "../../graph/shape.ts"
import type { NDArray, TypedArray } from "../../graph/types.ts"
import { inBlocks } from "../../inference/blocks.ts"
import { cut } from "../../inference/step.ts"
import type { Params, TensorParams } from "../../learnable/learnable.ts"
import { sizeOfTree } from "../../learnable/tree.ts"
import type { ModelError } from "../../model/compute.ts"
import { attemptTrace } from "../../model/compute.ts"
import type { Key } from "../../random/key.ts"
import { enter, leave, newAxis, under } from "../../trace/axes.ts"
import { placeholder, programOf, trace } from "../../trace/trace.ts"
import type { Table } from "./points.ts"

/** Rows in one run: a power of 2, so that few sizes are compiled. */
const largestBlock = 1024

const blockFor = (count: number): number => {
  let size = 1
  while (size < count && size < largestBlock) size *= 2
  return size
}

/** Tables by name; one of a single row is for all rows. */
export type Tables = Readonly<Record<string, Table | undefined>>

export interface Rowwise {
  /** The outputs of `count` rows, each [count, …]. Noise does not depend on how many there are. */
  readonly run: (parameters: TypedArray, tables: Tables, key: Key) => Effect.Effect<ReadonlyArray<NDArray>, EngineError>
}

/** Rows `from` to `from + size` of a table; the last one again where there are no more. */
const blockOf = ({ rows, width, data }: Table, from: number, size: number): Float64Array => {
  if (from + size <= rows) return data.subarray(from * width, (from + size) * width)
  const block = new Float64Array(size * width)
  for (let i = 0; i < size; i++) {
    const row = Math.min(from + i, rows - 1)
    block.set(data.subarray(row * width, (row + 1) * width), i * width)
  }
  return block
}

/** What is computed of one row. */
export type Body = (params: TensorParams, row: Readonly<Record<string, tf.Tensor | undefined>>) => ReadonlyArray<tf.Tensor>

/** Compiles `body` for `count` rows of tables like these. */
export const rowwise = (
  engine: Engine,
  like: Params,
  count: number,
  tables: Tables,
  body: Body
): Effect.Effect<Rowwise, ModelError | EngineError, Scope.Scope> =>
  Effect.gen(function* () {
    const size = blockFor(count)
    const { program, shapes } = yield* attemptTrace(
      () =>
        trace(() => {
          const { tree } = cut(placeholder("parameters", [sizeOfTree(like)], "f64"), like)
          const axis = newAxis("row", size)
          return under(axis, () => {
            const row = Object.fromEntries(
              Object.entries(tables).map(([name, table]) => {
                if (table === undefined) return [name, undefined]
                if (table.rows === 1) return [name, placeholder(name, [table.width], "f64")]
                return [name, enter(placeholder(name, [size, table.width], "f64"), axis)]
              })
            )
            const outputs = body(tree, row)
            return { program: programOf(outputs.map((t) => leave(t, axis))), shapes: outputs.map((t) => t.shape) }
          })
        }).result
    )
    const executable = yield* engine.compile(program)
    return {
      run: (parameters, given, { hi, lo }) =>
        Effect.map(
          inBlocks(count, size, shapes.map(sizeOf), (block) => {
            const blocks = Object.entries(given).flatMap(([name, table]) =>
              table === undefined ? [] : [[name, table.rows === 1 ? table.data : blockOf(table, block * size, size)] as const]
            )
            return executable.run({ ...Object.fromEntries(blocks), parameters, key: Uint32Array.of(hi, lo, block) })
          }),
          (all) => all.map((data, i) => ({ shape: [count, ...shapes[i]!], data }))
        )
    }
  })

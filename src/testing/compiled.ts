/** A function of named arrays in float64, traced once for each set of shapes. */
import type * as tf from "@tensorflow/tfjs-core"
import { contextOf, prepare } from "../graph/interpret.ts"
import { simplify } from "../graph/simplify.ts"
import type { NDArray } from "../graph/types.ts"
import type { Key } from "../random/key.ts"
import { placeholder, programOf, trace } from "../trace/trace.ts"

export type Arrays<Name extends string = string> = Readonly<Record<Name, NDArray>>
export type Tensors<Name extends string = string> = Readonly<Record<Name, tf.Tensor>>

const entriesOf = <Name extends string, A>(record: Readonly<Record<Name, A>>): ReadonlyArray<readonly [Name, A]> =>
  Object.entries(record) as unknown as ReadonlyArray<readonly [Name, A]>

export const mapRecord = <Name extends string, A, B>(
  record: Readonly<Record<Name, A>>,
  f: (a: A, name: Name) => B
): Readonly<Record<Name, B>> => Object.fromEntries(entriesOf(record).map(([name, a]) => [name, f(a, name)])) as Record<Name, B>

export type Run<In extends string, Out extends string> = (inputs: Arrays<In>, key?: Key) => Arrays<Out>

const compile = <In extends string, Out extends string>(f: (inputs: Tensors<In>) => Tensors<Out>, like: Arrays<In>): Run<In, Out> => {
  const { program, outputs } = trace(() => {
    const tensors = mapRecord(like, ({ shape }, name) => placeholder(`argument ${name}`, shape))
    const entries = entriesOf(f(tensors))
    return { program: simplify(programOf(entries.map(([, t]) => t))), outputs: entries.map(([name, { shape }]) => ({ name, shape })) }
  }).result
  const prepared = prepare(program.graph, program.outputs, contextOf("float64"))
  return (inputs, key = { hi: 0, lo: 0 }) => {
    const values = new Map(
      program.inputs.flatMap(({ node, name, data }) => {
        const argument = name.startsWith("argument ") ? inputs[name.slice("argument ".length) as In] : undefined
        const value = name === "key" ? Uint32Array.of(key.hi, key.lo, 0) : (argument?.data ?? data)
        return value === undefined ? [] : [[node, value] as const]
      })
    )
    const results = prepared.run(values)
    return Object.fromEntries(outputs.map(({ name, shape }, i) => [name, { shape, data: results[i]!.slice() }])) as unknown as Arrays<Out>
  }
}

export const compiled = <In extends string, Out extends string>(f: (inputs: Tensors<In>) => Tensors<Out>): Run<In, Out> => {
  const byShapes = new Map<string, Run<In, Out>>()
  return (inputs, key) => {
    const shapes = JSON.stringify(entriesOf(inputs).map(([name, { shape }]) => [name, shape]))
    const run = byShapes.get(shapes) ?? compile(f, inputs)
    byShapes.set(shapes, run)
    return run(inputs, key)
  }
}

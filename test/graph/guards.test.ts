import { expect, test } from "vitest"
import { apply, mul, select, sumAll } from "../../src/graph/bind.ts"
import { grad } from "../../src/graph/grad.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { simplify } from "../../src/graph/simplify.ts"
import type { Program } from "../../src/graph/types.ts"
import type { Value } from "../../src/graph/value.ts"

const x = Float64Array.of(-800, -2, -0, 0, 0.5, 3, 800, Infinity, -Infinity, NaN)

const recorded = (build: (x: Value) => ReadonlyArray<Value>): Program => {
  const graph = newRecorder(undefined)
  return within(graph, () => {
    const input = real(emit("input", [], { name: "x", shape: [x.length] }))
    return { graph, inputs: [{ node: input.id, name: "x" }], outputs: build(input).map((v) => v.id) }
  })
}

const run = ({ graph, inputs, outputs }: Program): ReadonlyArray<ReadonlyArray<number>> =>
  prepare(graph, outputs, contextOf("float64"))
    .run(new Map([[inputs[0]!.node, x]]))
    .map((y) => [...y])

const count = (program: Program, op: string): number => program.graph.nodes.filter((n) => n.op === op).length

/** f where x > 1, and its gradient, which is guarded. */
const gated = (f: (x: Value) => Value) =>
  recorded((v) => {
    const y = select(apply("greater", v, 1), f(v), 0)
    return [y, ...grad(sumAll(y), [v])]
  })

test.each([
  ["exp", (v: Value) => apply("exp", v), "exp"],
  ["tanh", (v: Value) => apply("tanh", v), "tanh"],
  ["sqrt", (v: Value) => apply("sqrt", v), "sqrt"],
  ["pow", (v: Value) => apply("pow", v, mul(v, v)), "pow"]
])("the guarded gradient of %s is of the value that went forward", (_, f, op) => {
  const program = gated(f)
  const simple = simplify(program)
  expect(count(simple, op)).toBeLessThan(count(program, op))
  expect(run(simple)).toEqual(run(program))
})

test("a guarded sigmoid is of the softplus's argument", () => {
  const program = gated((v) => apply("softplus", v))
  const simple = simplify(program)
  const argumentsOf = (op: string) => simple.graph.nodes.filter((n) => n.op === op).map((n) => n.inputs)
  expect(argumentsOf("sigmoid")).toEqual(argumentsOf("softplus"))
  expect(run(simple)).toEqual(run(program))
})

test("what goes forward nowhere stays guarded", () => {
  const program = recorded((v) => [apply("log", select(apply("greater", v, 0), 1, v))])
  expect(simplify(program).graph.nodes.map((n) => n.op)).toEqual(program.graph.nodes.map((n) => n.op))
})

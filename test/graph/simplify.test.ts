import { describe, expect, test } from "vitest"
import { bind, concat, fill, slice } from "../../src/graph/bind.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { emit, newRecorder, real, within } from "../../src/graph/recorder.ts"
import { simplify } from "../../src/graph/simplify.ts"
import type { Program } from "../../src/graph/types.ts"
import type { Value } from "../../src/graph/value.ts"

const recorded = (f: (x: Value, y: Value) => ReadonlyArray<Value>): Program => {
  const graph = newRecorder(undefined)
  return within(graph, () => {
    const [x, y] = ["x", "y"].map((name) => real(emit("input", [], { name, shape: [3] })))
    return {
      graph,
      inputs: [
        { node: x!.id, name: "x" },
        { node: y!.id, name: "y" }
      ],
      outputs: f(x!, y!).map((v) => v.id)
    }
  })
}

const opsOf = (program: Program): ReadonlyArray<string> => program.graph.nodes.map((n) => n.op)
const simplified = (f: (x: Value, y: Value) => ReadonlyArray<Value>): Program => simplify(recorded(f))
const constant = (...value: ReadonlyArray<number>): Value =>
  real(emit("constant", [], { shape: [value.length], value: Float64Array.from(value) }))

describe("simplify", () => {
  test.each<readonly [string, (x: Value) => Value]>([
    ["x + 0", (x) => bind("add", [x, fill(0)])],
    ["0 + x", (x) => bind("add", [fill(0), x])],
    ["x − 0", (x) => bind("sub", [x, fill(0)])],
    ["x · 1", (x) => bind("mul", [x, fill(1)])],
    ["1 · x", (x) => bind("mul", [fill(1), x])],
    ["x / 1", (x) => bind("div", [x, fill(1)])],
    ["−(−x)", (x) => bind("neg", [bind("neg", [x])])],
    ["stopGradient x", (x) => bind("stopGradient", [x])],
    ["x with the gradient of eˣ", (x) => bind("withGradientOf", [x, bind("exp", [x])])],
    ["the second half of (eˣ, x)", (x) => slice(concat([bind("exp", [x]), x], 0), x.shape, x.shape)]
  ])("%s is x", (_, f) => {
    const program = simplified((x) => [f(x)])
    expect(opsOf(program)).toEqual(["input"])
  })

  test.each<readonly [string, (x: Value) => Value]>([
    ["0 − x", (x) => bind("sub", [fill(0), x])],
    ["1 / x", (x) => bind("div", [fill(1), x])],
    ["x · 0, which may be NaN", (x) => bind("mul", [x, fill(0)])],
    ["a 0 that stretches x", (x) => bind("add", [x, fill(0, [2, 3])])]
  ])("%s is not", (_, f) => {
    const program = simplified((x) => [f(x)])
    expect(opsOf(program)).toHaveLength(3)
  })

  test("a float64 1 · x is x in float64", () => {
    expect(opsOf(simplified((x) => [bind("mul", [x, fill(1, [], "f64")])]))).toEqual(["input", "cast"])
  })

  test("what is not asked for goes, its inputs too; what is left keeps its name", () => {
    const program = simplified((x, y) => {
      bind("exp", [x])
      return [bind("log", [y])]
    })
    expect(opsOf(program)).toEqual(["input", "log"])
    expect(program.inputs).toEqual([{ node: 0, name: "y" }])
  })

  test("equal nodes are one, whatever they are equal through", () => {
    const program = simplified((x) => [bind("mul", [bind("exp", [x]), bind("exp", [bind("add", [x, fill(0)])])])])
    expect(opsOf(program)).toEqual(["input", "exp", "mul"])
  })

  test("constants that JSON would confuse are kept apart", () => {
    const values = [NaN, Infinity, -Infinity, 0, -0]
    const program = simplified((x) => values.map((v) => bind("mul", [x, fill(v)])))
    expect(program.graph.nodes.filter((n) => n.op === "fill").map((n) => n.attributes["value"])).toEqual(values)
  })

  test("what depends on no input is computed once, in double precision", () => {
    const program = simplified((x) => [bind("mul", [x, bind("exp", [constant(1, 2, 3)])]), bind("mul", [x, bind("log", [fill(2, [3])])])])
    expect(opsOf(program).toSorted()).toEqual(["constant", "fill", "input", "mul", "mul"])
    expect([...(program.graph.nodes.find((n) => n.op === "constant")!.attributes["value"] as Float64Array)]).toEqual(
      [1, 2, 3].map(Math.exp)
    )
    expect(program.graph.nodes.find((n) => n.op === "fill")!.attributes["value"]).toBe(Math.log(2))
  })

  test("a slice of a concatenation is one of the part that it lies in, if it lies in one", () => {
    const parts = (begin: number, size: number, stride = 1) =>
      opsOf(simplified((x, y) => [slice(concat([bind("exp", [x]), bind("log", [y])], 0), [begin], [size], [stride])]))
    expect(parts(1, 2)).toEqual(["input", "exp", "slice"])
    expect(parts(4, 1)).toEqual(["input", "log", "slice"])
    expect(parts(2, 2)).toContain("concat")
    expect(parts(0, 2, 2)).toContain("concat")
    const program = simplified((x, y) => [slice(concat([x, y], 0), [4], [2])])
    expect(program.graph.nodes.at(-1)!.attributes).toMatchObject({ begin: [1], size: [2] })
  })

  test("noise is not", () => {
    const program = simplified((x) => {
      const key = real(emit("constant", [], { shape: [3], value: Float64Array.of(1, 2, 3) }, "u32"))
      const draw = real(emit("uniform", [key.id], { stream: "a", axes: [], event: 1, shape: [3] }))
      return [bind("add", [x, draw])]
    })
    const [value] = prepare(program.graph, program.outputs, contextOf("float64")).run(
      new Map([[program.inputs[0]!.node, new Float64Array(3)]])
    )
    expect(new Set(value).size).toBe(3)
  })

  test("an output that is an input, and one given twice", () => {
    const program = simplified((x, y) => [x, bind("add", [y, fill(0)]), y])
    expect(opsOf(program)).toEqual(["input", "input"])
    expect(program.outputs).toEqual([0, 1, 1])
  })
})

import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { NDArray } from "../../src/graph/types.ts"
import { flatten, leaves, mapTree, sizeOfTree, unflatten, type Params } from "../../src/learnable/index.ts"

const leaf = fc.array(fc.nat(3), { maxLength: 3 }).chain((shape) => {
  const n = shape.reduce((a, b) => a * b, 1)
  return fc.array(fc.double({ noNaN: true }), { minLength: n, maxLength: n }).map((v): NDArray => ({ shape, data: Float64Array.from(v) }))
})
const { tree } = fc.letrec<{ tree: Params }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.dictionary(fc.constantFrom("weight 1", "weight 10", "weight 2", "shape", "data", "b"), tie("tree"))
  )
}))

/** The same tree with its keys put in the other way round. */
const reversed = (params: Params): Params =>
  Array.isArray(params.shape)
    ? params
    : Object.fromEntries(
        Object.entries(params as Record<string, Params>)
          .reverse()
          .map(([k, v]) => [k, reversed(v)])
      )

describe("parameter trees", () => {
  test("flatten and unflatten are inverse, whatever order the keys were put in", () => {
    fc.assert(
      fc.property(tree, (params) => {
        const vector = flatten(params)
        expect(vector.length).toBe(sizeOfTree(params))
        expect(unflatten(params, vector)).toEqual(params)
        expect(flatten(reversed(params))).toEqual(vector)
        const doubled = vector.map((v) => 2 * v)
        expect(flatten(unflatten(params, doubled))).toEqual(doubled)
      }),
      { seed: 5, numRuns: 200 }
    )
  })

  test("leaves stand in the order of the vector, with their paths", () => {
    fc.assert(
      fc.property(tree, (params) => {
        expect(leaves(params).flatMap(({ value }) => [...value.data])).toEqual([...flatten(params)])
        const paths = leaves(params).map(({ path }) => path)
        expect(new Set(paths).size).toBe(paths.length)
        expect(leaves(mapTree(params, ({ shape }, path) => ({ shape, path }))).map(({ value }) => value.path)).toEqual(paths)
      }),
      { seed: 6, numRuns: 200 }
    )
    const zero = { shape: [], data: Float64Array.of(0) }
    expect(leaves({ b: zero, a: { "weight 2": zero, "weight 10": zero } }).map((l) => l.path)).toEqual(["a.weight 10", "a.weight 2", "b"])
  })

  test("a vector of another length is an error", () => {
    expect(() => unflatten({ a: { shape: [2], data: new Float64Array(2) } }, [1])).toThrow("unflatten.vector: expected shape [2]")
  })
})

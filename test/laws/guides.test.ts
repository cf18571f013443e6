import { describe, expect, it } from "vitest"
import type { Guide } from "../../guides/index.ts"
import * as exported from "../../guides/index.ts"
import { learnableElementwiseAffine, mapTree } from "../../src/learnable/index.ts"
import { stopGradient } from "../../src/math/index.ts"
import { guideLaws } from "../../src/testing/index.ts"
import { offKnots } from "./arbitraries.ts"
import { guides, others } from "./guides.ts"

it("every exported guide is registered", () =>
  expect(Object.keys(guides).sort()).toEqual(
    Object.keys(exported)
      .filter((n) => !others.some((o) => o === n))
      .sort()
  ))

describe.each(Object.entries(guides))("%s", (_, cases) => {
  it("has a case", () => expect(cases.length).toBeGreaterThan(0))
  for (const { guide, ...options } of cases)
    describe(JSON.stringify(options), () => {
      for (const law of guideLaws(guide, { ...options, numbers: offKnots, numRuns: 10 })) it(law.name, law.run)
    })
})

describe("a faulty guide breaks the law about it", () => {
  const faulty: ReadonlyArray<readonly [string, string, Guide["flow"]]> = [
    ["scales left out", "it starts at the Gaussian it is given", ({ shift }) => learnableElementwiseAffine({ shift, scale: 1 })],
    [
      "a shift in units of its own",
      "its draws change with the units of where it starts",
      ({ shift, scaleTril }) =>
        learnableElementwiseAffine({ shift: shift.map((v) => v + 0.01), scale: shift.map((_, i) => scaleTril[i * (shift.length + 1)]!) })
    ],
    [
      "parameters that are stopped",
      "every parameter has its gradient by its draws",
      (start, context) => {
        const whole = exported.meanField().flow(start, context)
        return { ...whole, build: (params, c) => whole.build(mapTree(params, stopGradient), c) }
      }
    ]
  ]
  it.each(faulty)("%s: %s", (_, broken, flow) => {
    const laws = guideLaws({ name: "faulty", flow }, { numRuns: 10 })
    const law = laws.find(({ name }) => name === `faulty: ${broken}`)!
    expect(law.run).toThrow(broken)
    const start = laws.find(({ name }) => name === "faulty: its parameters start as a function of the key")!
    expect(start.run).not.toThrow()
  })
})

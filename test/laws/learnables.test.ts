import { describe, expect, it } from "vitest"
import * as exported from "../../src/learnable/index.ts"
import { distributionLaws, learnableLaws } from "../../src/testing/index.ts"
import { builtBy } from "../engine/registry.ts"
import { offKnots } from "./arbitraries.ts"
import { learnableDistributions, learnables, others } from "./learnables.ts"

it("every exported learnable bijector is registered", () =>
  expect(Object.keys(learnables).sort()).toEqual(
    Object.keys(exported)
      .filter((n) => !others.some((o) => o === n))
      .sort()
  ))

describe.each(Object.entries(learnables))("%s", (_, cases) => {
  it("has a case", () => expect(cases.length).toBeGreaterThan(0))
  for (const { learnable, ...options } of cases)
    for (const law of learnableLaws(learnable, { ...options, numbers: offKnots })) it(law.name, law.run)
})

describe.each(learnableDistributions.map((d, i) => [i, d.name, d] as const))("learnable distribution %i, %s", (_, __, learnable) => {
  for (const law of distributionLaws(builtBy(learnable), { numbers: offKnots, numRuns: 10 })) it(law.name, law.run)
})

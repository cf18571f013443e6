import { describe, expect, it } from "vitest"
import * as exported from "../../src/distribution/index.ts"
import { distributionLaws } from "../../src/testing/index.ts"
import { distributions, others } from "./distributions.ts"

it("every exported distribution is registered", () =>
  expect(Object.keys(distributions).sort()).toEqual(
    Object.keys(exported)
      .filter((n) => !others.some((o) => o === n))
      .sort()
  ))

describe.each(Object.entries(distributions))("%s", (_, cases) => {
  it("has a case", () => expect(cases.length).toBeGreaterThan(0))
  for (const { subject, options } of cases) for (const law of distributionLaws(subject, options)) it(law.name, law.run)
})

import { describe, expect, it } from "vitest"
import * as exported from "../../src/constraint/index.ts"
import { constraintLaws } from "../../src/testing/index.ts"
import { constraints } from "./constraints.ts"

it("every exported constraint is registered", () => expect(Object.keys(constraints).sort()).toEqual(Object.keys(exported).sort()))

describe.each(Object.entries(constraints))("%s", (_, cases) => {
  it("has a case", () => expect(cases.length).toBeGreaterThan(0))
  for (const [constraint, shape] of cases) for (const law of constraintLaws(constraint, shape)) it(law.name, law.run)
})

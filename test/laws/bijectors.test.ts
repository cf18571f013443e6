import { describe, expect, it } from "vitest"
import * as exported from "../../src/bijector/index.ts"
import { bijectorLaws, groupoidLaws } from "../../src/testing/index.ts"
import { offKnots } from "./arbitraries.ts"
import { atKnots, bijectors, others } from "./bijectors.ts"

it("every exported bijector is registered", () =>
  expect(Object.keys(bijectors).sort()).toEqual(
    Object.keys(exported)
      .filter((n) => !others.some((o) => o === n))
      .sort()
  ))

describe.each(Object.entries(bijectors))("%s", (_, subjects) => {
  it("has a case", () => expect(subjects.length).toBeGreaterThan(0))
  for (const subject of subjects) {
    const options = atKnots(subject.name) ? { numbers: offKnots } : {}
    for (const law of [...bijectorLaws(subject, options), ...groupoidLaws(subject, undefined, options)]) it(law.name, law.run)
  }
})

const { elementwiseAffine, exp, invert, permutation, softplus, triangularAffine } = exported
describe("composition of maps that do not commute", () => {
  const rotation = triangularAffine(
    [1, -1],
    [
      [2, 0],
      [3, 0.5]
    ]
  )
  for (const law of [
    ...groupoidLaws(rotation, permutation([1, 0])),
    ...groupoidLaws(rotation, exp([2])),
    ...groupoidLaws(invert(softplus()), elementwiseAffine(1, -2))
  ]) {
    it(law.name, law.run)
  }
})

import * as tf from "@tensorflow/tfjs-core"
import { expect, it, vi } from "vitest"
import { exp, triangularAffine } from "../../src/bijector/index.ts"
import { groupoidLaws } from "../../src/testing/index.ts"

/** A composition that forgets the first map's log-determinant. */
vi.mock("../../src/bijector/compose.ts", async (original) => {
  const { compose } = await original<typeof import("../../src/bijector/compose.ts")>()
  const faulty: typeof compose = (first, second) => ({
    ...compose(first, second),
    forward: (x) => {
      const { value, logDet } = compose(first, second).forward(x)
      return { value, logDet: tf.sub(logDet, first.forward(x).logDet) }
    }
  })
  return { compose: faulty }
})

it("a composition that forgets a log-determinant breaks its laws", () => {
  const rotation = triangularAffine(
    [1, -1],
    [
      [2, 0],
      [3, 1.5]
    ]
  )
  const broken = groupoidLaws(rotation, exp([2])).filter((law) => {
    try {
      law.run()
      return false
    } catch {
      return true
    }
  })
  expect(broken.map(({ name }) => name)).toContain("triangularAffine: the identity after it changes nothing")
  expect(broken.map(({ name }) => name)).toContain("triangularAffine: the inverse of a composition is the composition of the inverses")
})

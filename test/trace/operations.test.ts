import "@tensorflow/tfjs"
import * as tf from "@tensorflow/tfjs-core"
import { beforeAll, describe, expect, test } from "vitest"
import { cases } from "./cases.ts"
import { compare, layoutsOf } from "./layouts.ts"

beforeAll(() => tf.setBackend("cpu"))

describe("tfjs operations under hidden axes equal eager tfjs, one draw at a time", () => {
  test.each(cases.map((c, i) => [c.name, c, i] as const))("%s", (_, c, i) => {
    for (const layout of layoutsOf(c.inputs.length)) {
      const { shapes, valueError, gradientError } = compare(c, layout, i)
      const where = `axes ${JSON.stringify(layout)}`
      for (const { traced, eager } of shapes) expect(traced, where).toEqual(eager)
      expect(valueError, `values, ${where}`).toBeLessThan(2e-5)
      expect(gradientError, `gradient, ${where}`).toBeLessThan(1e-6)
    }
  })
})

import "@tensorflow/tfjs-backend-cpu"
import { describe, test } from "vitest"
import { sizeOf } from "../../src/graph/shape.ts"
import { normals } from "../support/numbers.ts"
import { casesOf } from "./cases.ts"
import { endsOf, holdsAt } from "./support.ts"

const seeds = [1, 2, 3, 4, 5, 6]

describe("round trips, opposite log-determinants and Jacobians, in float64 and float32", () => {
  for (const { name } of casesOf(0)) {
    test(name, () => {
      for (const seed of seeds) {
        const c = casesOf(10 * seed).find((other) => other.name === name)!
        const n = sizeOf(endsOf(c).domain.shape)
        holdsAt(
          c,
          normals(seed, n).map((v) => 1.5 * v)
        )
        holdsAt(c, new Array<number>(n).fill(0))
      }
    })
  }
})

import { globSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, test } from "vitest"
import { root } from "../support/scratch.ts"

/** From the lowest up: no part imports one of a higher layer. */
const layers = [
  ["src/errors.ts", "src/special"],
  ["src/random", "src/graph"],
  ["src/engine", "src/trace"],
  ["src/math"],
  ["src/bijector", "src/constraint", "src/distribution", "src/learnable"],
  ["src/model"],
  ["src/guide", "src/inference", "guides"],
  ["src/posterior"],
  ["src/fit", "src/report", "src/plot"],
  ["src/node"],
  ["src/testing", "src/index.ts"]
]

const layerOf = (file: string): number => layers.findIndex((parts) => parts.some((part) => file === part || file.startsWith(`${part}/`)))
const files = globSync(["src/**/*.ts", "guides/**/*.ts"], { cwd: root }).sort()
const importsOf = (file: string): ReadonlyArray<string> =>
  [...readFileSync(join(root, file), "utf8").matchAll(/^(?:import|export)\b[^;"]*? from "(\.[^"]+)"/gm)].map(([, path]) =>
    join(dirname(file), path!)
  )

test("every file belongs to a layer", () => expect(files.filter((file) => layerOf(file) < 0)).toEqual([]))

test("no part imports a higher one", () =>
  expect(
    files.flatMap((file) =>
      importsOf(file)
        .filter((other) => layerOf(other) > layerOf(file))
        .map((other) => `${file} imports ${other}`)
    )
  ).toEqual([]))

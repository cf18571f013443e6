import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { root } from "../support/scratch.ts"

const read = (file: string): string => readFileSync(join(root, file), "utf8")

test("the README's command lines are those that run", () => {
  const [start, tests] = [...read("README.md").matchAll(/```sh\n(.+)\n```/g)].map(([, line]) => line)
  expect(start).toBe("npm ci && npm start")
  expect(read(".ci/run")).toContain(`(${tests})`)
})

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, inject, test } from "vitest"
import { root, run } from "../support/scratch.ts"

const tarball = inject("tarball")

test("holds what is built and what describes it, and nothing else", () => {
  const files = run("tar", ["--list", "--file", tarball]).output.trim().split("\n")
  expect(files).toEqual(expect.arrayContaining(["package/LICENSE", "package/README.md", "package/package.json"]))
  expect(files.filter((file) => !/^package\/(dist\/(src|guides)\/|LICENSE$|README\.md$|package\.json$)/.test(file))).toEqual([])
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, string | { types: string; default: string }>
  }
  const targets = Object.values(exports).flatMap((target) => (typeof target === "string" ? [target] : [target.types, target.default]))
  expect(files).toEqual(expect.arrayContaining(targets.map((target) => join("package", target))))
})

test("passes publint", () => {
  const { output, status } = run("publint", ["run", tarball, "--strict"])
  expect(status, output).toBe(0)
})

test("passes Are the types wrong?", () => {
  const { output, status } = run("attw", [tarball, "--profile", "esm-only", "--no-definitely-typed"])
  expect(status, output).toBe(0)
})

import "@tensorflow/tfjs-backend-cpu"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { scratch, tsconfig } from "../support/scratch.ts"
import { typeErrors } from "../support/typeErrors.ts"
import { examples } from "./examples.ts"

const project = scratch()
afterAll(() => project[Symbol.dispose]())

// Each example stands in its module on the lines it has in its file, so that what the compiler or a stack says of it points there.
const all = examples()
const modules = all
  .filter(({ code }) => code !== undefined)
  .map((example) => ({ ...example, module: `${example.file}.${example.line}.ts` }))
project.write({ "tsconfig.json": tsconfig({ noUnusedLocals: false, noUnusedParameters: false }) })
for (const { module, line, code } of modules) project.write({ [module]: `${"\n".repeat(line - 1)}${code}\nexport {}\n` })
const errors = typeErrors(project.path)

test("every @example is a block of ts", () =>
  expect(all.filter(({ code }) => code === undefined).map(({ file, line }) => `${file}:${line}`)).toEqual([]))

test("there are examples", () => expect(modules.length).toBeGreaterThan(0))

describe.each(modules)("$file:$line", ({ file, module }) => {
  test("compiles", () =>
    expect(errors.filter((e) => e.file === module).map(({ line, message }) => `${file}:${line} ${message}`)).toEqual([]))
  test("runs", () => import(join(project.path, module)))
})

import { expect, test } from "vitest"
import { errorsOf } from "./compileErrors.ts"

const errors = errorsOf({
  sound: `const one: number = 1`,
  misspelt: `const point: { x: number } = { z: 1 }`,
  nested: `const f: (a: { b: { c: string } }) => void = (a: { b: { c: number } }) => {}`,
  two: `const a: string = 1; const b: string = 2`,
  unresolved: `import { nothing } from "pushforward/nowhere"`
})

test("a module that compiles has no errors", () => expect(errors.sound).toEqual([]))

test("each module has its own errors, with their elaboration", () => {
  expect(errors.misspelt).toEqual([expect.stringContaining("'z' does not exist in type '{ x: number; }'")])
  expect(errors.nested.join()).toContain("Type 'string' is not assignable to type 'number'")
  expect(errors.two).toHaveLength(2)
  expect(errors.unresolved.join()).toContain("Cannot find module 'pushforward/nowhere'")
})

import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { root } from "../support/scratch.ts"

/** Members of `Math` whose values are exact, or rounded correctly, wherever a program runs; `exp` and the like are in `src/special`. */
const exact = [
  ...["abs", "ceil", "clz32", "floor", "fround", "imul", "max", "min", "round", "sign", "sqrt", "trunc"],
  ...["E", "LN10", "LN2", "LOG10E", "LOG2E", "PI", "SQRT1_2", "SQRT2"]
]

/** Where others may stand, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "src/plot/": "pictures for people",
  "src/report/": "tables for people",
  "src/testing/": "laws hold within tolerances",
  "src/trace/backend.ts": "Math.random is replaced by what refuses it"
}

const isException = (file: string): boolean => Object.keys(exceptions).some((path) => file.startsWith(path))

/** Uses of `Math` that are not exact, and powers but those of 2, in code without its comments. */
const inexact = (code: string): ReadonlyArray<string> => {
  const bare = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
  return [
    ...[...bare.matchAll(/\bMath\b(?:\.(\w+))?/g)].filter(([, member]) => !exact.includes(member!)).map(([use]) => use),
    ...[...bare.matchAll(/\S+ \*\*=? \S+/g)].map(([power]) => power).filter((power) => !/^(?:.*[^\w.])?2 \*\* /.test(power))
  ]
}

test("what is inexact is seen", () =>
  expect(
    inexact(`
/** Math.exp */
const a = Math.exp(1) // Math.log
const { log } = Math
const b = Math["sin"](1) + Math.sqrt(2) * Math.PI
const c = x ** 2 + 2 ** -3 + (2 ** 4 - 12 ** 2) + 0.2 ** 3
`)
  ).toEqual(["Math.exp", "Math", "Math", "x ** 2", "12 ** 2)", "0.2 ** 3"]))

test("no numbers of fits come from functions that JavaScript leaves to its implementations", () =>
  expect(
    globSync(["src/**/*.ts", "guides/**/*.ts"], { cwd: root })
      .sort()
      .filter((file) => !isException(file))
      .flatMap((file) => inexact(readFileSync(join(root, file), "utf8")).map((use) => `${file}: ${use}`))
  ).toEqual([]))

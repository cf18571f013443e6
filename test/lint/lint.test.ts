import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { run, scratch, tsconfig } from "../support/scratch.ts"

const project = scratch()
afterAll(() => project[Symbol.dispose]())
const files = {
  "sites.ts": `import { model, sample } from "pushforward"
import { Normal } from "pushforward/distributions"
export const m = model(function* () {
  const bare = yield sample("bare", Normal(0, 1))
  sample("floating", Normal(0, 1))
  const sound = yield* sample("sound", Normal(0, 1))
  return { bare, sound }
})
`,
  "effects.ts": `import * as Effect from "effect/Effect"
export const program = Effect.gen(function* () {
  yield Effect.log("bare")
  Effect.log("floating")
  Promise.resolve("floating")
  yield* Effect.log("sound")
})
`,
  "generator.ts": `export function* naturals() {
  for (let n = 0; ; n++) yield n
}
`
}
project.write({ ...files, "tsconfig.json": tsconfig() })

/** What a linter reports, as `file:line rule`. */
const found = (output: string, pattern: RegExp): ReadonlyArray<string> =>
  [...output.matchAll(pattern)].map(({ groups }) => `${groups!["file"]}:${groups!["line"]} ${groups!["rule"]}`).sort()

const linted = run("oxlint", ["--no-ignore", "--format", "unix", ...Object.keys(files).map((file) => join(project.path, file))]).output
const diagnosed = run("effect-tsgo", ["diagnostics", "--project", join(project.path, "tsconfig.json"), "--format", "text"]).output

test("a bare yield of a site or an Effect is caught, and a floating promise", () =>
  expect(found(linted, /(?<file>\w+\.ts):(?<line>\d+):\d+: .*\[Error\/(?<rule>[^\]]+)\]$/gm)).toEqual([
    "effects.ts:3 effects(yield-star)",
    "effects.ts:5 typescript(no-floating-promises)",
    "sites.ts:4 effects(yield-star)"
  ]))

test("a floating site or Effect is caught", () =>
  expect(
    found(diagnosed, /(?<file>\w+\.ts)\((?<line>\d+),\d+\): error effect\((?<rule>\w+)\)/g).filter((f) => f.endsWith("floatingEffect"))
  ).toEqual(["effects.ts:4 floatingEffect", "sites.ts:5 floatingEffect"]))

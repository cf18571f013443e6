import { readFileSync, readdirSync, realpathSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import { run } from "../support/scratch.ts"
import { consumer, type PackageManager } from "./consumer.ts"

describe.each<PackageManager>(["npm", "pnpm"])("a project under %s", (manager) => {
  let folder: string
  beforeAll(() => {
    folder = consumer(manager, inject("tarball"))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test("runs", () => {
    const { status, output } = run("node", ["main.ts"], folder)
    expect(status, output).toBe(0)
    expect(output).toMatch(/^theta \[ 1000, 8 \]/m)
  })

  test("draws a picture", () => {
    const { status, output } = run("node", ["node.ts"], folder)
    expect(status, output).toBe(0)
    expect(output).toMatch(/^<svg /m)
    expect(output).toMatch(/^PNG of \d{4,} bytes$/m)
  })

  test.each([
    ["nodenext", "nodenext"],
    ["bundler", "esnext"]
  ])("type-checks with %s resolution and emits its declarations", (moduleResolution, module) => {
    const { output } = run("tsc", ["--module", module, "--moduleResolution", moduleResolution, "--pretty", "false"], folder)
    // Ours and the user's: the types of tfjs have errors of their own.
    expect(output.split(/\n(?=\S)/).filter((report) => /^(\w+\.ts|.*node_modules\/pushforward\/.*)\(/.test(report))).toEqual([])
    const declarations = readFileSync(join(folder, "dist", "main.d.ts"), "utf8")
    expect(declarations).toMatch(/Sample<"theta", "real">/)
    expect(declarations).not.toMatch(/\bany\b/)
  })

  test("is bundled for the browser, with no part of Node", () => {
    const { status, output } = run("vite", ["build"], folder)
    expect(status, output).toBe(0)
    // vega and vega-lite apart from the rest: they are loaded when a picture is drawn
    const entry = /src="\/(assets\/index-[^"]*\.js)"/.exec(readFileSync(join(folder, "site", "index.html"), "utf8"))![1]!
    expect(readFileSync(join(folder, "site", entry), "utf8")).toMatch(/import\("\.\/.*vega/)
    expect(readdirSync(join(folder, "site", "assets")).filter((file) => !file.endsWith(".js"))).toEqual([])
  })

  test("needs fast-check for its laws alone", () => {
    rmSync(realpathSync(join(folder, "node_modules", "fast-check")), { recursive: true })
    const load = (entry: string): number | null => run("node", ["--input-type=module", "--eval", `import "${entry}"`], folder).status
    expect(["pushforward", "pushforward/guides", "pushforward/testing"].map(load)).toEqual([0, 0, 1])
  })
})

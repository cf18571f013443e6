import { readFileSync, readdirSync, rmSync } from "node:fs"
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
    expect(output).toMatch(/^\d+ exports$/m)
  })

  test.each(["nodenext", "bundler"])("type-checks and emits its declarations with %s resolution", (moduleResolution) => {
    const module = moduleResolution === "nodenext" ? "nodenext" : "esnext"
    const { output } = run("tsc", ["--module", module, "--moduleResolution", moduleResolution, "--pretty", "false"], folder)
    // The types of tfjs have errors of their own.
    const errors = output.split(/\n(?=\S)/).filter((report) => report.includes("error TS") && !/^node_modules\/(?!pushforward|\.pnpm\/pushforward)/.test(report))
    expect(errors).toEqual([])
    expect(readFileSync(join(folder, "dist", "main.d.ts"), "utf8")).not.toMatch(/\bany\b/)
  })

  test("is bundled for the browser, with no part of Node", () => {
    const { status, output } = run("vite", ["build", "--minify", "false", "--outDir", "site"], folder)
    expect(status, output).toBe(0)
    expect(output.split("\n").filter((line) => line.includes("pushforward") && line.includes("externalized"))).toEqual([])
    const bundle = readdirSync(join(folder, "site", "assets")).map((file) => readFileSync(join(folder, "site", "assets", file), "utf8"))
    expect(bundle.join("\n")).not.toMatch(/["'`]node:/)
  })
})

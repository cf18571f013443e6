/** Builds the site and serves it, isolated, for all test files. */
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { join } from "node:path"
import { build, preview } from "vite"
import type { TestProject } from "vitest/node"
import { executablePath } from "../../../bench/browser/chromium.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Where the site is, or nothing where there is no Chromium. */
    readonly site: string
  }
}

const root = fileURLToPath(new URL("../../../site", import.meta.url))

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  if (!existsSync(executablePath)) {
    console.log(`Chromium is not installed (${executablePath}). The site was not tested.`)
    provide("site", "")
    return async () => {}
  }
  const outDir = mkdtempSync(join(tmpdir(), "pushforward-site-"))
  await build({ root, logLevel: "error", build: { outDir, emptyOutDir: true } })
  const server = await preview({ root, logLevel: "error", build: { outDir }, preview: { port: 0, host: "127.0.0.1" } })
  provide("site", server.resolvedUrls!.local[0]!)
  return async () => {
    await server.close()
    rmSync(outDir, { recursive: true, force: true })
  }
}

import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { run } from "../support/scratch.ts"

declare module "vitest" {
  export interface ProvidedContext {
    /** The path of the packed package. */
    tarball: string
  }
}

/** Builds and packs the package once for all tests. */
export default ({ provide }: TestProject): (() => void) => {
  const folder = mkdtempSync(join(tmpdir(), "pushforward-tarball-"))
  const { status, output } = run("npm", ["pack", "--pack-destination", folder])
  if (status !== 0) throw new Error(output)
  provide("tarball", join(folder, readdirSync(folder)[0]!))
  return () => rmSync(folder, { recursive: true })
}

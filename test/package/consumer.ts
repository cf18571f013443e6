import { cpSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { root, run } from "../support/scratch.ts"

const install = {
  npm: ["install", "--no-audit", "--no-fund", "--prefer-offline"],
  pnpm: ["install", "--no-frozen-lockfile", "--prefer-offline", "--store-dir", join(root, "node_modules", ".cache", "pnpm")]
}
export type PackageManager = keyof typeof install

const manifest = (folder: string): { version: string; peerDependencies: Record<string, string> } =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))

/** A user's project, far from this repository, into which the tarball and its peers are installed. */
export const consumer = (manager: PackageManager, tarball: string): string => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `pushforward-${manager}-`)))
  cpSync(join(root, "test", "package", "fixtures"), folder, { recursive: true })
  const peers = Object.keys(manifest(root).peerDependencies).map((name) => [name, manifest(join(root, "node_modules", name)).version])
  const dependencies = { pushforward: `file:${tarball}`, ...Object.fromEntries(peers) }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module", dependencies }))
  const { status, output } = run(manager, install[manager], folder)
  if (status !== 0) throw new Error(output)
  return folder
}

import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../..", import.meta.url))

/** A new folder inside this package, so that `pushforward` and its dependencies resolve in it as they do in the tests. */
export const scratch = (): Disposable & { readonly path: string; readonly write: (files: Readonly<Record<string, string>>) => void } => {
  const parent = join(root, "test", ".scratch")
  mkdirSync(parent, { recursive: true })
  const path = mkdtempSync(join(parent, "project-"))
  return {
    path,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true })
        writeFileSync(join(path, name), text)
      }
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true })
  }
}

/** The configuration of a project whose files are checked as this package's own are. */
export const tsconfig = (compilerOptions: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, include: ["**/*.ts"] })

/** Runs a command of `node_modules/.bin`, or of the machine. */
export const run = (
  command: string,
  args: ReadonlyArray<string>,
  cwd: string = root
): { readonly status: number | null; readonly output: string } => {
  const PATH = [join(root, "node_modules", ".bin"), process.env["PATH"]].join(delimiter)
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, PATH },
    encoding: "utf8",
    maxBuffer: 2 ** 28
  })
  if (error !== undefined) throw error
  return { status, output: stdout + stderr }
}

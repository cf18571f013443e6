import { relative, resolve } from "node:path"
import { root, run } from "./scratch.ts"

export interface TypeError {
  /** Relative to the checked folder. */
  readonly file: string
  readonly line: number
  /** As the compiler prints it, with the lines that elaborate on it. */
  readonly message: string
}

/** What the compiler says of the files of a folder with a `tsconfig.json`. Errors elsewhere are not this folder's. */
export const typeErrors = (directory: string): ReadonlyArray<TypeError> => {
  const { output, status } = run("tsc", ["--project", directory, "--pretty", "false"])
  const reports = output.split(/\n(?=\S)/).flatMap((report) => {
    const match = /^(.+?)\((\d+),\d+\): error (TS\d+: [^]*)$/.exec(report.trimEnd())
    return match === null ? [] : [{ file: relative(directory, resolve(root, match[1]!)), line: Number(match[2]), message: match[3]! }]
  })
  if (status !== 0 && reports.length === 0) throw new Error(`tsc failed in ${directory}:\n${output}`)
  return reports.filter(({ file }) => !file.startsWith(".."))
}

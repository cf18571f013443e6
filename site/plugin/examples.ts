/** The examples of the README and the docstrings: those that the tests run, but for what needs Node. */
import { examples as all } from "../../test/docs/examples.ts"

export interface Runnable {
  /** The file and line where it stands. */
  readonly id: string
  readonly file: string
  readonly code: string
}

const needsNode = /from "(?:pushforward\/node|node:|vitest|effect\/unstable)/

export const examples: ReadonlyArray<Runnable> = all().flatMap(({ file, line, code }) =>
  code === undefined || needsNode.test(code) || code.includes("process.") ? [] : [{ id: `${file}:${line}`, file, code: code.trimEnd() }]
)

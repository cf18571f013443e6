import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { root } from "../support/scratch.ts"

export interface Example {
  readonly file: string
  /** The line of the file on which the code begins. */
  readonly line: number
  /** Absent where an `@example` is not a block of TypeScript. */
  readonly code: string | undefined
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length

/** The blocks of TypeScript in a text of Markdown whose lines each begin with `margin`. */
const blocks = (markdown: string, margin: RegExp): ReadonlyArray<{ readonly line: number; readonly code: string }> =>
  [...markdown.matchAll(/^[ *]*```ts\n([^]*?)^[ *]*```$/gm)].map(({ 0: whole, 1: code, index }) => ({
    line: lineAt(markdown, index + whole.indexOf("\n")) + 1,
    code: code!.replace(margin, "")
  }))

const inDocstrings = (file: string, text: string): ReadonlyArray<Example> =>
  [...text.matchAll(/\/\*\*[^]*?\*\//g)].flatMap(({ 0: docstring, index }): ReadonlyArray<Example> => {
    const at = docstring.indexOf("@example")
    if (at < 0) return []
    const before = lineAt(text, index + at) - 1
    const found = blocks(docstring.slice(at), /^ *\* ?/gm)
    return found.length === 0
      ? [{ file, line: before + 1, code: undefined }]
      : found.map(({ line, code }) => ({ file, line: before + line, code }))
  })

const inMarkdown = (file: string, text: string): ReadonlyArray<Example> => blocks(text, /^(?!)/gm).map((block) => ({ file, ...block }))

/** The examples in the docstrings of the library and in the README. */
export const examples = (): ReadonlyArray<Example> => {
  const read = (file: string): string => readFileSync(join(root, file), "utf8")
  const sources = globSync(["src/**/*.ts", "guides/**/*.ts"], { cwd: root }).sort()
  return [...sources.flatMap((file) => inDocstrings(file, read(file))), ...inMarkdown("README.md", read("README.md"))]
}

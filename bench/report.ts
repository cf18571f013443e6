/** What is kept of measurements: a file of results each, and the README's section on performance, made from them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"

const folder = new URL("./results/", import.meta.url)
const readme = new URL("../README.md", import.meta.url)

export const kept = <A>(name: string): ReadonlyArray<A> => {
  const file = new URL(`${name}.json`, folder)
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ReadonlyArray<A>) : []
}

export const keep = (name: string, results: ReadonlyArray<unknown>): void => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(results, undefined, 2)}\n`)
}

/** A table in Markdown, padded: the first column to the left, the others to the right. */
export const markdown = (columns: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = columns.map((_, i) => Math.max(...[columns, ...rows].map((cells) => cells[i]!.length), 3))
  const line = (cells: ReadonlyArray<string>): string =>
    `| ${cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]!) : c.padStart(widths[i]!))).join(" | ")} |`
  const rule = `| ${widths.map((w, i) => (i === 0 ? "-".repeat(w) : `${"-".repeat(w - 1)}:`)).join(" | ")} |`
  return [line(columns), rule, ...rows.map(line)].join("\n")
}

/** Puts text between the markers of a section of the README. */
export const publish = (section: string, text: string): void => {
  const [start, end] = [`<!-- ${section} -->`, `<!-- /${section} -->`]
  const before = readFileSync(readme, "utf8")
  const [from, to] = [before.indexOf(start), before.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`README.md has no ${start} … ${end}`)
  writeFileSync(readme, `${before.slice(0, from + start.length)}\n\n${text}\n\n${before.slice(to)}`)
}

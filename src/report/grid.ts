/** Cells as text: the first column to the left, the others to the right, rules above and below. */
import { Table } from "console-table-printer"

const rule = { left: "", mid: "─", right: "", other: "─" }
const none = { left: "", mid: "", right: "", other: "" }
const style = { headerTop: none, headerBottom: rule, tableBottom: rule, vertical: "", rowSeparator: rule }

export const grid = (columns: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  new Table({
    shouldDisableColors: true,
    style,
    columns: columns.map((title, i) => ({ name: String(i), title, alignment: i === 0 ? "left" : "right" })),
    rows: rows.map((cells) => Object.fromEntries(cells.entries()))
  })
    .render()
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n")

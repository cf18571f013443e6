/** The gallery's figures beside the peers', kept and as tables. */
import type { Figure } from "../../models/gallery/entry.ts"
import type { Estimate } from "../../models/gallery/estimate.ts"
import { entries } from "../../models/gallery/index.ts"
import { grid } from "../../src/report/grid.ts"
import { keep, kept, markdown } from "../report.ts"
import { type Peer, peerOf } from "./peers.ts"

/** A row of `bench/results/gallery.json`: nats of 10,000 points held out, unless `unit` says otherwise, and seconds of training. */
export interface Row {
  readonly entry: string
  readonly ours: number
  readonly oursError: number
  /** What the truth has at the same points, and how far ours is below it. */
  readonly limit?: number
  readonly short?: Estimate
  /** The same by each seed; null where the training diverged. */
  readonly bySeed?: ReadonlyArray<number | null>
  readonly peer?: number
  readonly peerError?: number
  readonly peerShort?: Estimate
  readonly peerBySeed?: ReadonlyArray<number | null>
  readonly published?: string
  readonly unit?: string
  readonly seconds: number
  readonly peerSeconds?: number
}

const besides = (peer: Peer | undefined): Partial<Row> => {
  if (peer === undefined) return {}
  const { heldOut, error, kl, klError, reverseKl, seconds, runs } = peer
  const ofPoints = {
    ...(heldOut !== undefined && { peer: heldOut, peerError: error }),
    ...(kl !== undefined && { peerShort: { value: kl, error: klError ?? NaN } })
  }
  return {
    ...(reverseKl === undefined ? ofPoints : { peer: reverseKl }),
    ...(seconds !== undefined && { peerSeconds: seconds }),
    peerBySeed: runs.map((run) => run.reverseKl ?? run.kl ?? run.heldOut ?? null)
  }
}

export const figuresOf = (figures: ReadonlyArray<Figure>): ReadonlyArray<Row> =>
  figures.map(({ entry, ours, limit, short, bySeed, published, peer: name, unit, seconds }) => ({
    entry,
    ours: ours.value,
    oursError: ours.error,
    ...(limit !== undefined && { limit }),
    ...(short && { short }),
    ...(bySeed && { bySeed: bySeed.map((value) => value ?? null) }),
    ...(name !== undefined && besides(peerOf(name))),
    ...(published !== undefined && { published }),
    ...(unit !== undefined && { unit }),
    seconds
  }))

interface Kept extends Row {
  readonly page: string
}

const pages = entries.map(({ name }) => name)

/** Keeps the rows of an entry in place of earlier ones, in the order of the gallery. */
export const keepFigures = (page: string, rows: ReadonlyArray<Row>): void => {
  const all: ReadonlyArray<Kept> = [...kept<Kept>("gallery").filter((row) => row.page !== page), ...rows.map((row) => ({ page, ...row }))]
  keep(
    "gallery",
    all.toSorted((a, b) => pages.indexOf(a.page) - pages.indexOf(b.page))
  )
}

const signed = (value: number | undefined, error?: number): string => {
  if (value === undefined) return ""
  return `${value.toFixed(3)}${error === undefined || !(error > 0) ? "" : ` ± ${error.toFixed(3)}`}`.replace("-", "−")
}
const estimate = (e: Estimate | undefined): string => signed(e?.value, e?.error)

const columns = ["", "ours", "below the truth", "PyTorch", "below the truth", "truth", "published", "seconds", "PyTorch's"]

const cells = (row: Row): ReadonlyArray<string> => [
  row.entry,
  signed(row.ours, row.oursError),
  estimate(row.short),
  signed(row.peer, row.peerError),
  estimate(row.peerShort),
  signed(row.limit),
  row.published ?? "",
  row.seconds.toFixed(1),
  row.peerSeconds?.toFixed(1) ?? ""
]

const seeds = (values: ReadonlyArray<number | null>): string =>
  values
    .toSorted((a, b) => Math.abs(a ?? Infinity) - Math.abs(b ?? Infinity))
    .map((value) => (value === null ? "diverged" : signed(value)))
    .join(", ")

/** The figures by each seed, where there are several. */
export const bySeed = (rows: ReadonlyArray<Row>): ReadonlyArray<string> =>
  rows.flatMap(({ entry, limit, bySeed = [], peerBySeed = [] }) =>
    bySeed.length < 2
      ? []
      : [
          `${entry}, ${limit === undefined ? "nats" : "nats below the truth"} by each seed: ${seeds(bySeed)}${peerBySeed.length === 0 ? "" : `; in PyTorch ${seeds(peerBySeed)}`}. The medians stand in the table.`
        ]
  )

export const tabulate = (rows: ReadonlyArray<Row>): string => grid(columns, rows.map(cells))
export const tabulateInMarkdown = (rows: ReadonlyArray<Row>): string => markdown(columns, rows.map(cells))

/** How far a row is from the truth; of what was not trained on points by the divergence that it was trained by. */
const distances = (row: Row | undefined) => ({
  ours: row?.short ?? (row?.unit === undefined ? undefined : { value: row.ours, error: row.oursError }),
  peer: row?.peerShort ?? (row?.unit === undefined || row.peer === undefined ? undefined : { value: row.peer, error: NaN })
})

/** Of the entries that have a peer: the distance to the truth as in the text, by the same in PyTorch and by default, and the seconds of each. */
export const overview = (): string => {
  const all = kept<Kept>("gallery")
  const rows = all
    .filter((row) => row.entry === row.page && row.peerBySeed !== undefined && distances(row).ours !== undefined)
    .map((row) => [row, all.find(({ entry }) => entry === `${row.page}, by default`)] as const)
  const seconds = (s: number | undefined): string => s?.toFixed(s < 10 ? 1 : 0) ?? ""
  return markdown(
    ["nats below the truth", "as in the text", "the same in PyTorch", "by default", "seconds", "PyTorch's", "by default"],
    rows.map(([row, own]) => [
      `[${row.page.replaceAll("-", " ")}](docs/gallery/${row.page}.md)${row.short === undefined ? ", KL(flow ‖ truth)" : ""}`,
      estimate(distances(row).ours),
      estimate(distances(row).peer),
      estimate(distances(own).ours),
      seconds(row.seconds),
      seconds(row.peerSeconds),
      seconds(own?.seconds)
    ])
  )
}

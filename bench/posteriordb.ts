/** Reads the reference posteriors that lie beside the project: gold-standard moments, log-density fixtures and Gaussian baselines. */
import { existsSync, readFileSync } from "node:fs"

const root = new URL("../../shared/data/posteriordb/", import.meta.url)

/** Whether the references are there. */
export const available = (): boolean => existsSync(root)

const read = <A>(path: string): A => JSON.parse(readFileSync(new URL(path, root), "utf8")) as A

export interface ReferenceRow {
  readonly name: string
  readonly mean: number
  readonly sd: number
}

/** Five draws with the log density of their own columns on the constrained space. */
export interface Fixture {
  readonly columns: ReadonlyArray<string>
  readonly draws: ReadonlyArray<ReadonlyArray<number>>
  readonly logp: ReadonlyArray<number>
  readonly log_evidence: number
}

export const data = <A>(name: string): A => read(`data/${name}.json`)

/** Stan counts indices from one. */
const fromZero = (name: string): string => name.replace(/\d+(?=[,\]])/g, (index) => String(Number(index) - 1))

export const reference = (name: string): ReadonlyArray<ReferenceRow> =>
  read<{ parameters: ReadonlyArray<ReferenceRow> }>(`reference/${name}.json`).parameters.map((row) => ({
    ...row,
    name: fromZero(row.name)
  }))

export const fixture = (name: string): Fixture => read(`fixtures/${name}.json`)

interface Baselines {
  readonly posteriors: Readonly<Record<string, { readonly advi_optimum?: { readonly fullrank: { readonly kl: number } } }>>
}

/** The KL(q‖p) in nats of the best full-rank Gaussian, where it is known. */
export const fullRankKl = (name: string): number | undefined =>
  read<Baselines>("baselines.json").posteriors[name]?.advi_optimum?.fullrank.kl

/** A row of columns such as `theta[1]` as arrays by site. */
export const bySite = (
  columns: ReadonlyArray<string>,
  row: ReadonlyArray<number>
): Readonly<Record<string, number | ReadonlyArray<number>>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(columns.entries(), ([, column]) => column.replace(/\[.*$/, ""))).map(([site, entries = []]) => {
      const values = entries.map(([i]) => row[i]!)
      return [site, columns.includes(site) ? values[0]! : values]
    })
  )

/** Which thread does what, and where threads have to wait for each other. */
import type { Place, Unit } from "../unit.ts"

/** Units that run side by side: one for each thread, or one for the first alone. */
export type Stage = ReadonlyArray<Unit>

export const stagesOf = (units: ReadonlyArray<Unit>, threads: number): ReadonlyArray<Stage> =>
  units.map((u) => (threads === 1 ? undefined : u.split?.(threads)) ?? [u])

/** Bytes in memory, [from, to). */
export type Span = readonly [from: number, to: number]

const meet = (a: ReadonlyArray<Span>, b: ReadonlyArray<Span>): boolean => a.some(([p, q]) => b.some(([r, s]) => p < s && r < q))

interface Touched {
  readonly reads: Array<Span>
  readonly writes: Array<Span>
}

/**
 * Before which stages all threads have to arrive: where one would read what another has written since they last met, or write what another
 * has read or written.
 */
export const meetings = (
  stages: ReadonlyArray<Stage>,
  threads: number,
  spanOf: (place: Place) => Span,
  workspaceOf: (unit: Unit) => ReadonlyArray<Span>
): ReadonlyArray<boolean> => {
  let touched: ReadonlyArray<Touched> = []
  const met = (): void => void (touched = Array.from({ length: threads }, () => ({ reads: [], writes: [] })))
  met()
  return stages.map((stage) => {
    const spans = stage.map((u): Touched => ({ reads: u.reads.map(spanOf), writes: [...u.writes.map(spanOf), ...workspaceOf(u)] }))
    const clash = spans.some(({ reads, writes }, thread) =>
      touched.some((other, k) => k !== thread && (meet(reads, other.writes) || meet(writes, other.writes) || meet(writes, other.reads)))
    )
    if (clash) met()
    spans.forEach(({ reads, writes }, thread) => {
      touched[thread]!.reads.push(...reads)
      touched[thread]!.writes.push(...writes)
    })
    return clash
  })
}

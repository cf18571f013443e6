/** What a model asks for, without numbers: for guides, and for checks before a fit. */
import type { Constraint } from "../constraint/constraint.ts"
import type { Kind } from "../distribution/distribution.ts"
import type { Shape } from "../graph/types.ts"
import type { Learnable } from "../learnable/learnable.ts"
import { trace } from "../trace/trace.ts"
import { drawn } from "./answers.ts"
import { paramAnswer } from "./compute.ts"
import { sizes } from "./frames.ts"
import { run, type Visited } from "./run.ts"
import type { Program } from "./site.ts"

export interface SiteInfo {
  readonly kind: Visited["kind"]
  readonly name: string
  readonly hidden: boolean
  readonly observed: boolean
  /** The plates and chains about it, outermost first. */
  readonly plates: ReadonlyArray<{ readonly name: string; readonly size: number }>
  /** As seen from outside: [...rows, ...event]. */
  readonly shape: Shape
  readonly eventShape: Shape
  /** Of a draw. */
  readonly values?: Kind
  readonly support?: Constraint
  readonly learnable?: Learnable<unknown>
}

const info = ({ kind, name, hidden, observed, frames, value, distribution, learnable }: Visited): SiteInfo => {
  const eventShape = distribution?.eventShape ?? value?.shape ?? []
  return {
    kind,
    name,
    hidden,
    observed,
    plates: frames.map((frame) => ({ name: frame.name, size: frame.size })),
    shape: [...sizes(frames), ...eventShape],
    eventShape,
    ...(distribution && { values: distribution.kind, support: distribution.support }),
    ...(learnable && { learnable })
  }
}

/**
 * The sites of a model in the order of one run, over all rows. The model is traced, and its data are held to their supports.
 *
 * @throws SiteError, ArgumentError, ShapeError, TraceError: what is wrong with the model.
 */
export const inspect = (self: Program<unknown>): ReadonlyArray<SiteInfo> =>
  trace(() => [...run(self, { answer: drawn, param: paramAnswer({}) }).sites.values()].map(info)).result

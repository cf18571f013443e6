/** Messages between the page and its worker. */
import type { NDArray } from "pushforward"
import type { Choices } from "./catalogue/choices.ts"

export type Request =
  | { readonly type: "start"; readonly run: number; readonly choices: Choices }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  /** Show the state nearest to a step of the past; without one, the present. */
  | { readonly type: "peek"; readonly step?: number }
  /** Whose density the frames are to show. */
  | { readonly type: "behind"; readonly density: "target" | "flow" }
  /** Judge the state that is shown. */
  | { readonly type: "judge" }
  /** The last frame is drawn: another may be sent. */
  | { readonly type: "drawn" }

/** A density on a grid of `size` × `size` over the view, the first row at the bottom. */
export interface Picture {
  readonly size: number
  readonly values: Float32Array
}

/** What a run is made of. */
export interface Ready {
  readonly type: "ready"
  readonly run: number
  /** The layers' names, the base first. */
  readonly stages: ReadonlyArray<string>
  /** How many points are draws, and then how many make up each line of the base's grid. */
  readonly draws: number
  readonly lines: ReadonlyArray<number>
  readonly dimension: number
  readonly parameters: number
  /** The target's density, where it is known. */
  readonly picture?: Picture
  /** What the objective cannot exceed, where it is known. */
  readonly limit?: number
  /** Milliseconds until the first step could be taken. */
  readonly took: number
}

/** A state, drawn. */
export interface Frame {
  readonly type: "frame"
  readonly run: number
  readonly step: number
  /** Steps taken in all. */
  readonly reached: number
  /** [stages, points, 2]. */
  readonly points: Float32Array
  /** 5, 25, 50, 75 and 95% quantiles of each coordinate: [dimension, 5]. */
  readonly quantiles: Float32Array
  /** Steps since the frame before: [n, 3], the step, the objective and its error. */
  readonly infos: Float64Array
  /** The flow's density, where it is asked for. */
  readonly picture?: Picture
  /** Milliseconds of training so far. */
  readonly trained: number
  /** Of the parameters: equal ones have an equal one. */
  readonly fingerprint: string
}

export interface Row {
  readonly name: string
  readonly mean: number
  readonly sd: number
  readonly q05: number
  readonly q95: number
}

export interface Judged {
  readonly type: "judged"
  readonly run: number
  readonly step: number
  readonly kind: "trust" | "reweight" | "distrust"
  readonly text: string
  readonly khat: number
  readonly threshold: number
  readonly fingerprint: string
  readonly summary: ReadonlyArray<Row>
  /** The share of a known target that the flow's draws do not find. */
  readonly missed?: number
  /** Of points that the flow has not seen: their mean log density, with its error. */
  readonly heldOut?: { readonly value: number; readonly error: number }
  /** Of a model: draws by site, for the corner plot. */
  readonly draws?: Readonly<Record<string, NDArray>>
}

export type Reply =
  /** A start was heard. */
  | { readonly type: "started"; readonly run: number }
  | Ready
  | Frame
  | Judged
  | { readonly type: "state"; readonly run: number; readonly state: "training" | "paused" | "done" }
  | { readonly type: "failed"; readonly run: number; readonly message: string }

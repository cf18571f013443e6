/** An entry of the gallery: a worked text of the field, run, with what it shows in figures and in pictures. */
import type * as Effect from "effect/Effect"
import type { Specification } from "pushforward/plot"
import type { Estimate } from "./estimate.ts"

/** A figure beside those of others; mean log densities of points that were not trained on, in nats, unless `unit` says otherwise. */
export interface Figure {
  /** The entry's name, with what was done where there are several figures. */
  readonly entry: string
  readonly ours: Estimate
  /** What no density can exceed: the truth's own figure on the same points. */
  readonly limit?: number
  /** How far ours is below it. */
  readonly short?: Estimate
  /** The same by each seed, nats below the truth where that is known; undefined where the training diverged. */
  readonly bySeed?: ReadonlyArray<number | undefined>
  /** As published with the text, mostly of the points that were trained on. */
  readonly published?: string
  /** What the same architecture reaches by the same budget elsewhere stands under this name among the peers' results. */
  readonly peer?: string
  readonly unit?: string
  readonly seconds: number
}

export interface Picture {
  /** The file's name. */
  readonly name: string
  /** What it shows, in a sentence. */
  readonly caption: string
  readonly specification: Specification
}

/** A training, moment by moment. */
export interface Film {
  readonly name: string
  readonly caption: string
  readonly frames: ReadonlyArray<Specification>
}

export interface Shown {
  readonly figures: ReadonlyArray<Figure>
  readonly pictures: ReadonlyArray<Picture>
  readonly films?: ReadonlyArray<Film>
  /** What is to be said of the figures, a paragraph each. */
  readonly notes?: ReadonlyArray<string>
}

export interface Entry {
  readonly name: string
  readonly title: string
  /** What it is, and what is to be seen: a paragraph of Markdown. */
  readonly about: string
  readonly run: Effect.Effect<Shown, Error>
}

/** From choices to an algorithm, the layers of its flow, and a judgement of any of its states. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Engine, EngineError, FitFailure, FitState, FlowContext, Guide, Learnable, NDArray } from "pushforward"
import { unnormalised, wasm } from "pushforward"
import type { Bijector } from "pushforward/bijectors"
import type { Target } from "../../models/gallery/targets/target.ts"
import { prepareDensity } from "../../src/fit/density/prepare.ts"
import { prepare } from "../../src/fit/prepare.ts"
import type { Algorithm } from "../../src/inference/variational.ts"
import type { ModelError } from "../../src/model/compute.ts"
import { diagnose } from "../../src/posterior/diagnostics.ts"
import type { Diagnostics } from "../../src/posterior/diagnostics.ts"
import { summary } from "../../src/posterior/summary.ts"
import { verdictOf } from "../../src/posterior/verdict.ts"
import type { Choices } from "../catalogue/choices.ts"
import type { ModelId, PlaneId, Plane } from "../catalogue/menu.ts"
import { targetOf } from "../catalogue/menu.ts"
import type { Judged, Picture } from "../protocol.ts"
import { guideOf } from "./flows.ts"
import type { Layers } from "./layers.ts"
import { layersOf } from "./layers.ts"
import type { BasePoints } from "./base.ts"
import { basePoints } from "./base.ts"
import { posed, type AnyModel } from "./models.ts"
import type { Pictured } from "./picture.ts"
import { pictureOfTarget, picturesOfFlow } from "./picture.ts"
import { planeTargets } from "./planes.ts"

export type Judgement = Pick<Judged, "kind" | "text" | "khat" | "threshold" | "summary" | "missed" | "heldOut" | "draws">

export interface Prepared {
  readonly steps: number
  readonly algorithm: Algorithm
  readonly base: BasePoints
  readonly layers: Layers
  readonly picture?: Picture
  /** The flow's own density, in the plane. */
  readonly density?: Pictured
  /** What the objective cannot exceed, where it is known. */
  readonly limit?: number
  readonly judge: (state: FitState) => Effect.Effect<Judgement, ModelError | EngineError>
}

type Flow = Learnable<Bijector, FlowContext>

/** A guide that tells which flow it has made. */
const told = (guide: Guide): { readonly guide: Guide; readonly flow: () => Flow } => {
  let made: Flow | undefined
  return { guide: { name: guide.name, flow: (start, context) => (made = guide.flow(start, context)) }, flow: () => made! }
}

/** What is only looked at needs no more than half of the digits. */
const display = wasm({ precision: "float32", fused: false })

const kept = 2000

const judgement = (diagnostics: Diagnostics): Pick<Judgement, "kind" | "text" | "khat" | "threshold"> => ({
  ...verdictOf(diagnostics),
  khat: diagnostics.khat,
  threshold: diagnostics.threshold
})

const trainingOf = ({ seed, steps, rate }: Choices, engine: Engine) => ({ seed, steps, learningRate: rate, engine })

type Preparing = Effect.Effect<Prepared, FitFailure, Scope.Scope>

const preparedModel = (id: ModelId, choices: Choices, engine: Engine): Preparing =>
  Effect.gen(function* () {
    const target = targetOf(id)
    if (target.kind !== "model") return yield* Effect.die("not a model")
    const { guide, flow } = told(guideOf(choices))
    const { algorithm, steps, posterior } = yield* prepare<never>(posed[id], guide, {
      ...trainingOf(choices, engine),
      draws: choices.draws
    })
    const base = basePoints(target.coordinates.length)
    return {
      steps,
      algorithm,
      base,
      layers: yield* layersOf(flow(), base, target.shown, display),
      judge: (state) =>
        Effect.gen(function* () {
          const found = yield* posterior(state)
          const draws: Readonly<Record<string, NDArray>> = yield* found.draws(kept)
          return { ...judgement(found.diagnostics), summary: found.summary, draws }
        })
    }
  })

/** What a plane's target and its flow have in common, however it is learned. */
const plane = (view: Plane["view"], { logProb }: Target, flow: Flow) =>
  Effect.gen(function* () {
    const base = basePoints(2)
    return {
      base,
      layers: yield* layersOf(flow, base, [0, 1], display),
      picture: yield* pictureOfTarget(view, logProb, display),
      density: yield* picturesOfFlow(view, flow, display)
    }
  })

/** Of a density that integrates to 1: a mode that a flow has missed shows in no weight of its draws, but in their mean. */
const missing = ({ logEvidence: { value, error } }: Diagnostics): Partial<Judgement> =>
  Math.exp(value + 3 * error) < 0.95 ? { kind: "distrust", missed: 1 - Math.exp(value) } : {}

const fromDensity = (view: Plane["view"], target: Target, choices: Choices, engine: Engine): Preparing =>
  Effect.gen(function* () {
    const { guide, flow } = told(guideOf(choices))
    const posed = unnormalised(target.logProb, { size: 2 }) as AnyModel
    const { algorithm, steps, posterior } = yield* prepare<never>(posed, guide, { ...trainingOf(choices, engine), draws: choices.draws })
    return {
      steps,
      algorithm,
      limit: 0,
      ...(yield* plane(view, target, flow())),
      judge: (state) =>
        Effect.map(posterior(state), ({ diagnostics, summary }) => ({ ...judgement(diagnostics), ...missing(diagnostics), summary }))
    }
  })

const judgedDraws = 10_000

/** A target with edges, which a flow has not. The KL divergence of its draws is infinite, and says nothing. */
const beyondEdges = ({ outside, draws, ess }: Diagnostics): Partial<Judgement> =>
  outside === 0
    ? {}
    : {
        kind: "reweight",
        text: `Use the weighted draws: ${((100 * outside) / draws).toFixed(0)}% of them lie beyond the target’s edges, where weights are 0. The others are worth ${Math.round(ess)} of ${draws} draws. A flow’s density has no edges; more layers make it steeper there.`
      }

const fromDraws = (view: Plane["view"], target: Target, choices: Choices, engine: Engine): Preparing =>
  Effect.gen(function* () {
    const { guide, flow } = told(guideOf(choices))
    const prepared = yield* prepareDensity(guide, target.model, { ...trainingOf(choices, engine), batch: choices.draws })
    return {
      steps: prepared.steps,
      algorithm: prepared.algorithm,
      limit: -target.entropy,
      ...(yield* plane(view, target, flow())),
      judge: (state) =>
        Effect.gen(function* () {
          const heldOut = yield* prepared.heldOut(state)
          const density = prepared.density({ state, heldOut }, [])
          const x = yield* density.draws(judgedDraws)
          const logGuide = yield* density.logDensity(x)
          const logJoint = Float64Array.from(logGuide, (_, i) => target.logDensity(x.data.subarray(2 * i, 2 * i + 2)))
          const diagnostics = diagnose({ values: { x }, logJoint, logGuide }, state.rejected)
          return {
            ...judgement(diagnostics),
            ...beyondEdges(diagnostics),
            summary: summary({ x }),
            ...(heldOut && { heldOut })
          }
        })
    }
  })

export const preparedFor = (choices: Choices, engine: Engine): Preparing => {
  const target = targetOf(choices.target)
  if (target.kind === "model") return preparedModel(choices.target as ModelId, choices, engine)
  const from = choices.way === "density" ? fromDensity : fromDraws
  return from(target.view, planeTargets[choices.target as PlaneId], choices, engine)
}

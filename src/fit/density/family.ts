/** Family: a flow with its base and what conditions them, from the parameters of all three. */
import * as tf from "@tensorflow/tfjs-core"
import type { Bijector } from "../../bijector/bijector.ts"
import type { Constraint } from "../../constraint/constraint.ts"
import type { Distribution } from "../../distribution/distribution.ts"
import { Normal } from "../../distribution/normal.ts"
import { Transformed } from "../../distribution/transformed.ts"
import { ArgumentError, ShapeError } from "../../errors.ts"
import { showShape } from "../../graph/shape.ts"
import type { Guide, Start } from "../../guide/guide.ts"
import type { Scaling } from "../../inference/standardise.ts"
import { standardised } from "../../inference/standardise.ts"
import type { FlowContext, Learnable, Network, Params, TensorParams } from "../../learnable/index.ts"
import { learnableOf } from "../../learnable/fixed.ts"
import { toTensors } from "../../model/compute.ts"
import type { Key } from "../../random/key.ts"
import { fold, keyOf } from "../../random/key.ts"
import { isTracing } from "../../trace/tensor.ts"
import { trace, withOrigin } from "../../trace/trace.ts"

/** A family, which starts from the points, or a learnable bijector as it is. */
export type DensityFlow = Guide | Learnable<Bijector, FlowContext>
/** What a flow pushes forward. */
export type DensityBase = Distribution<"real"> | Learnable<Distribution<"real">>

/** A density in the making: base → flow. */
export interface Built {
  readonly base: Distribution<"real">
  readonly flow: Bijector
}

export interface Family {
  readonly name: string
  readonly width: number
  /** The length of a context; 0 where there is none. */
  readonly context: number
  readonly support: Constraint
  readonly init: (key: Key) => Params
  readonly build: (params: TensorParams, context: tf.Tensor | undefined) => Built
}

/** What a family is made of. */
export interface Parts {
  readonly flow: DensityFlow
  readonly base: DensityBase | undefined
  readonly embedding: Learnable<Network> | undefined
}

/** What is known of the training points. */
export interface Known {
  readonly width: number
  readonly context: number
  /** Where a guide starts, and what its contexts are standardised by. */
  readonly start: () => Start
  readonly scaling: () => Scaling | undefined
}

type Branches = { readonly flow: TensorParams; readonly base: TensorParams; readonly embedding: TensorParams }

const isGuide = (flow: DensityFlow): flow is Guide => "flow" in flow

const standardNormal = ({ name, domain }: Bijector): Distribution<"real"> => {
  if (domain.constraint.name === "real") return Normal(tf.zeros([...domain.shape]), 1)
  throw new ArgumentError({
    argument: "fitDensity.base",
    expected: `a distribution on ${domain.constraint.name}, where "${name}" starts`,
    received: "none",
    remedy: "A standard normal is the base of flows that start on all real numbers."
  })
}

/** What the base's density records bears its name, for messages. */
const labelled = (base: Distribution<"real">): Distribution<"real"> => ({
  ...base,
  logProb: (x) => (isTracing() ? withOrigin("base", () => base.logProb(x)) : base.logProb(x))
})

export const pushforward = ({ base, flow }: Built): Distribution<"real"> => Transformed(labelled(base), flow)

/** How long what an embedding makes of a context of a length is. */
const lengthOf = (embedded: () => tf.Tensor, context: number): number => {
  const refuse = (received: string): never => {
    const expected = `a network from vectors of length ${context}, the contexts, to vectors`
    throw new ArgumentError({ argument: "fitDensity.embedding", expected, received })
  }
  const shape = trace(() => {
    try {
      return embedded().shape
    } catch (error) {
      return refuse(`one that fails: ${String(error)}`)
    }
  }).result
  return shape.length === 1 ? shape[0]! : refuse(`one to arrays of shape ${showShape(shape)}`)
}

export const familyOf = ({ flow, base, embedding }: Parts, known: Known): Family => {
  const { width, context } = known
  if (embedding !== undefined && context === 0) {
    throw new ArgumentError({ argument: "fitDensity.embedding", expected: "none without contexts", received: `"${embedding.name}"` })
  }
  const scaling = isGuide(flow) ? known.scaling() : undefined
  const embed = (params: TensorParams, given: tf.Tensor): tf.Tensor => {
    const x = scaling === undefined ? given : standardised(given, scaling)
    return embedding === undefined ? x : withOrigin("embedding", () => embedding.build(params)(x))
  }
  const length = context === 0 ? 0 : lengthOf(() => embed(toTensors(embedding?.init(keyOf(0)) ?? {}), tf.zeros([context])), context)
  const learnable: Learnable<Bijector, FlowContext> = isGuide(flow) ? flow.flow(known.start(), length) : flow
  const given = base && learnableOf(base)
  const build: Family["build"] = (params, at) => {
    const branches = params as Branches
    const bijector = withOrigin("flow", () => learnable.build(branches.flow, at === undefined ? undefined : embed(branches.embedding, at)))
    return { flow: bijector, base: given === undefined ? standardNormal(bijector) : withOrigin("base", () => given.build(branches.base)) }
  }
  const init = (key: Key): Params => ({
    flow: learnable.init(fold(key, "flow")),
    base: given?.init(fold(key, "base")) ?? {},
    embedding: embedding?.init(fold(key, "embedding")) ?? {}
  })
  const { shape, constraint } = trace(() => {
    const built = build(toTensors(init(keyOf(0))), context === 0 ? undefined : tf.zeros([context]))
    pushforward(built)
    return built.flow.codomain
  }).result
  if (shape.length !== 1 || shape[0] !== width) {
    throw new ShapeError({
      where: "fitDensity.data",
      expected: `points of shape ${showShape(shape)}, where flow "${flow.name}" ends`,
      received: showShape([width])
    })
  }
  return { name: flow.name, width, context, support: constraint, init, build }
}

/** The log density of a guide at values of the latents. */
import * as tf from "@tensorflow/tfjs-core"
import * as Effect from "effect/Effect"
import { ArgumentError, type EngineError } from "../errors.ts"
import { checkUsed } from "../model/answers.ts"
import { compute, type ModelError } from "../model/compute.ts"
import { leaveAll, withinAll } from "../model/frames.ts"
import type { Run } from "../model/run.ts"
import { toTensor } from "../model/value.ts"
import { keyOf } from "../random/key.ts"
import { enter, leave, newAxis, under } from "../trace/axes.ts"
import { constant, type Numeric } from "../trace/tensor.ts"
import { contextIn, type Fitted, inputsOf, parametersIn } from "./sampler.ts"

type Tensors = Readonly<Record<string, tf.Tensor>>

/** Whether the value of some latent lies outside its support. */
const beyondSupport = ({ sites }: Run<unknown>): tf.Tensor =>
  [...sites.values()]
    .flatMap(({ kind, distribution, value, frames }) => {
      const support = distribution?.support
      if (kind !== "sample" || support?.outside === undefined) return []
      return [
        tf.any(
          leaveAll(
            withinAll(frames, () => tf.any(support.outside!(value!))),
            frames
          )
        )
      ]
    })
    .reduce<tf.Tensor>((a, b) => tf.logicalOr(a, b), constant(0, [], "bool"))

const computed = (
  fitted: Fitted,
  f: (at: (values: Tensors) => tf.Tensor) => tf.Tensor
): Effect.Effect<Float64Array, ModelError | EngineError> =>
  Effect.map(
    compute(
      () => {
        const { guide, model } = parametersIn(fitted.params)
        const context = contextIn(fitted.context)
        return f((values) => {
          const { run, logGuide } = fitted.approximation.at(values, guide, model, context)
          checkUsed(values, run)
          return tf.where(beyondSupport(run), constant(-Infinity), tf.sub(logGuide, run.logDet))
        })
      },
      { engine: fitted.engine },
      inputsOf(fitted, keyOf(0), 0)
    ),
    ({ data }) => Float64Array.from(data)
  )

const tensorsOf = (values: Readonly<Record<string, Numeric>>): Tensors =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toTensor(value)]))

/** At one value of each latent. */
export const logDensityOf = (fitted: Fitted, values: Readonly<Record<string, Numeric>>): Effect.Effect<number, ModelError | EngineError> =>
  Effect.map(
    computed(fitted, (at) => at(tensorsOf(values))),
    ([logDensity]) => logDensity!
  )

/** At many, on a leading axis: [draws]. */
export const logDensitiesOf = (
  fitted: Fitted,
  values: Readonly<Record<string, Numeric>>
): Effect.Effect<Float64Array, ModelError | EngineError> =>
  computed(fitted, (at) => {
    const columns = tensorsOf(values)
    const counts = Object.entries(columns).map(([name, { shape }]) => [name, shape[0]] as const)
    const [first] = counts
    const odd = counts.find(([, count]) => count === undefined || count !== first![1])
    if (first === undefined || odd !== undefined)
      throw new ArgumentError({
        argument: "logDensities.values",
        expected: "a value for each draw of each latent, on a leading axis",
        received:
          odd === undefined ? "none" : `${odd[1] ?? "a scalar"} for "${odd[0]}"${odd === first ? "" : `, ${first![1]} for "${first![0]}"`}`
      })
    const axis = newAxis("draw", first[1]!)
    return leave(
      under(axis, () => at(Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, enter(column, axis)])))),
      axis
    )
  })

/** The ways to answer a run. */
import type * as tf from "@tensorflow/tfjs-core"
import { SiteError } from "../errors.ts"
import type { Numeric } from "../trace/tensor.ts"
import { checkGiven } from "./check.ts"
import { enterAll } from "./frames.ts"
import type { Answers, Run } from "./run.ts"
import { toTensor } from "./value.ts"

/** All that the model does not fix is drawn. */
export const drawn: Answers["answer"] = () => undefined

/** All that the model does not fix has one of `values`, as seen from outside its plates. */
export const given =
  (values: Readonly<Record<string, Numeric | undefined>>): Answers["answer"] =>
  ({ name, kind, distribution }, frames) => {
    const value = values[name]
    if (value === undefined) {
      throw new Error(
        kind === "sample" ? "no value is given for it" : "it is observed, but neither the model nor the values given have a value for it"
      )
    }
    return enterAll(() => {
      const tensor: tf.Tensor = toTensor(value)
      checkGiven(tensor, frames, distribution.eventShape)
      return tensor
    }, frames)
  }

/** Holds that every name is that of a site of the run. */
export const checkUsed = (values: Readonly<Record<string, unknown>>, { sites }: Pick<Run<unknown>, "sites">): void => {
  for (const name of Object.keys(values)) {
    if (!sites.has(name))
      throw new SiteError({
        site: name,
        reason: `a value is given for it, but the model has no such site. It has ${[...sites.keys()].join(", ")}.`
      })
  }
}

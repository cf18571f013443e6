/** Nodes that read no other node, and noise. */
import { noiseUniforms } from "../../random/uniforms.ts"
import { EngineError } from "../../errors.ts"
import { emit } from "../recorder.ts"
import type { Shape, TypedArray } from "../types.ts"
import { sizesOf } from "../value.ts"
import type { Primitive } from "./primitive.ts"

const given: Primitive["shape"] = ({ shape }) => shape as Shape

const leaf = (rest: Pick<Primitive, "kernel" | "shared">): Primitive => ({
  shape: given,
  dtype: () => "f32",
  batch: (_, attributes, axes, shape, dtype) => emit("fill", [], { ...attributes, shape: [...sizesOf(axes), ...shape] }, dtype),
  ...rest
})

export const leaves: Readonly<Record<string, Primitive>> = {
  input: leaf({
    shared: false,
    kernel: (node) => () => {
      throw new EngineError({
        engine: "reference",
        operation: "input",
        reason: `no value was given for ${String(node.attributes["name"])}`
      })
    }
  }),
  constant: leaf({ shared: false, kernel: (node) => (_, out) => out.set(node.attributes["value"] as TypedArray) }),
  fill: leaf({ shared: true, kernel: (node) => (_, out) => void out.fill(node.attributes["value"] as number) }),
  /**
   * Uniform noise on (0, 1) of the hidden axes that were in force, then the event. Its input is the key: the seed's two words and the
   * step. Attributes: `stream` (the name), `axes` (names, outermost first), `event` (how many trailing dimensions are the event's).
   */
  uniform: {
    shape: given,
    dtype: () => "f32",
    shared: true,
    batch: ([key], attributes) => emit("uniform", [key!.id], attributes),
    kernel: (node) => {
      const fill = noiseUniforms(
        node.attributes["stream"] as string,
        node.attributes["axes"] as ReadonlyArray<string>,
        node.shape,
        node.attributes["event"] as number
      )
      return ([key], out) => fill(key!, out)
    }
  }
}

/** How a tfjs kernel is written in primitives, for one draw. */
import type { DType } from "../../graph/types.ts"
import type { Value } from "../../graph/value.ts"

export type Attributes = { readonly [name: string]: unknown }
export type Inputs = { readonly [name: string]: Value }
export type Lowering = (inputs: Inputs, attributes: Attributes) => Value | ReadonlyArray<Value>

/** A dimension counted from the end where it is negative. */
export const dimension = (d: number, rank: number): number => (d < 0 ? d + rank : d)

export const numberOf = (attributes: Attributes, name: string, otherwise?: number): number => {
  const v = attributes[name]
  if (typeof v === "number") return v
  if (otherwise === undefined) throw new TypeError(`attribute ${name} is not a number`)
  return otherwise
}

const dtypes: Readonly<Record<string, DType>> = { float32: "f32", int32: "i32", bool: "bool" }

/** The dtype that tfjs calls `name`; float32 where it names none. */
export const dtypeNamed = (name: string | undefined): DType => dtypes[name ?? "float32"]!

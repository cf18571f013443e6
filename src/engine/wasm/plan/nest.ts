/** A nest of loops over elements: operands read by strides, operations on each element, results stored or reduced. */
import type { DType } from "../../../graph/types.ts"

export const bytesOf = (dtype: DType): number => (dtype === "f64" ? 8 : 4)

/** How numbers are computed: vectors of float32 (and of 32-bit integers), vectors of float64, or float64 one at a time. */
export type Lanes = "f32x4" | "f64x2" | "f64"

export const widthOf: Readonly<Record<Lanes, number>> = { f32x4: 4, f64x2: 2, f64: 1 }

export interface Dimension {
  readonly size: number
  readonly reduced: boolean
}

/** An operand: the address that parameter `pointer` holds plus Σ index · stride, in bytes. */
export interface Access {
  readonly pointer: number
  readonly dtype: DType
  readonly strides: ReadonlyArray<number>
}

/** `product`: the element of a matrix product that the nest follows. */
export type Argument =
  | { readonly load: number }
  | { readonly member: number }
  | { readonly fill: number; readonly dtype: DType }
  | { readonly product: DType }

export interface Member {
  readonly op: string
  readonly operands: ReadonlyArray<Argument>
  readonly dtype: DType
}

export interface Store extends Access {
  readonly from: number
}

export type Combine = "sum" | "prod" | "max" | "min"

export interface Reduction extends Access {
  readonly by: Combine
  readonly from: Argument
  /** Of what is reduced. */
  readonly source: DType
}

export interface Nest {
  readonly lanes: Lanes
  readonly dimensions: ReadonlyArray<Dimension>
  /** The dimension that runs over vectors; undefined where there is none at all. */
  readonly vector: number | undefined
  readonly loads: ReadonlyArray<Access>
  readonly members: ReadonlyArray<Member>
  readonly stores: ReadonlyArray<Store>
  readonly reductions: ReadonlyArray<Reduction>
}

const exact = (x: number): string => (Object.is(x, -0) ? "-0" : `${x}`)

const special = (_: string, v: unknown): unknown => {
  if (ArrayBuffer.isView(v)) return Array.from(v as unknown as ArrayLike<number>, exact).join()
  return typeof v === "number" && (!Number.isFinite(v) || Object.is(v, -0)) ? `number ${exact(v)}` : v
}

/** JSON that tells NaN, the infinities and −0 apart. */
export const keyOf = (x: unknown): string => JSON.stringify(x, special)

const accessKey = (a: Access): string => `${a.pointer}${a.dtype}${a.strides.join()}`
const argumentKey = (x: Argument): string =>
  "load" in x
    ? `l${x.load}`
    : "member" in x
      ? `m${x.member}`
      : "product" in x
        ? `p${x.product}`
        : `${Object.is(x.fill, -0) ? "-0" : x.fill}${x.dtype}`

/** Equal for nests of equal code. */
export const keyOfNest = ({ lanes, dimensions, vector, loads, members, stores, reductions }: Nest): string =>
  [
    lanes,
    vector,
    dimensions.map((d) => `${d.size}${d.reduced ? "r" : ""}`).join(),
    loads.map(accessKey).join(" "),
    members.map((m) => `${m.op}${m.dtype}(${m.operands.map(argumentKey).join()})`).join(" "),
    stores.map((s) => `${s.from}${accessKey(s)}`).join(" "),
    reductions.map((r) => `${r.by}${r.source}${argumentKey(r.from)}${accessKey(r)}`).join(" ")
  ].join("|")

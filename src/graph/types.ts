/** A traced program as plain data: a list of nodes in topological order, with static shapes. */

export type DType = "f32" | "f64" | "i32" | "u32" | "bool"

export const isFloat = (dtype: DType): boolean => dtype === "f32" || dtype === "f64"

export type Shape = ReadonlyArray<number>

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array

/** An array with a shape, row-major. Draws, parameters and data are of this kind: plain, with nothing to dispose. */
export interface NDArray {
  readonly shape: Shape
  readonly data: TypedArray
}

export type Attributes = Readonly<Record<string, unknown>>

export interface Node {
  readonly op: string
  /** Indices of the nodes that this one reads; always smaller than its own. */
  readonly inputs: ReadonlyArray<number>
  readonly attributes: Attributes
  readonly shape: Shape
  readonly dtype: DType
  /** The site, parameter or layer whose program recorded it. */
  readonly origin: string
}

export interface Graph {
  readonly nodes: ReadonlyArray<Node>
}

/** A graph with its ends: what is fed, in which order, and what is asked for. */
export interface Program {
  readonly graph: Graph
  readonly inputs: ReadonlyArray<ProgramInput>
  readonly outputs: ReadonlyArray<number>
}

export interface ProgramInput {
  readonly node: number
  readonly name: string
  /** Data known when the program was traced, fed unless the run gives other values. */
  readonly data?: TypedArray
}

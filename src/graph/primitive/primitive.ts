/** Primitive: everything about one operation of the graph, in one place. Adding one is one entry in one of the tables beside this file. */
import type { Attributes, DType, Node, Shape, TypedArray } from "../types.ts"
import type { Axis, Value } from "../value.ts"

export interface Primitive {
  /** Shape of the result; throws a ShapeError where the inputs do not fit. */
  readonly shape: (attributes: Attributes, ...inputs: ReadonlyArray<Shape>) => Shape
  readonly dtype: (attributes: Attributes, ...inputs: ReadonlyArray<DType>) => DType
  /** Operands keep their own dtypes; otherwise float32 ones are cast where another is float64. */
  readonly keepsDTypes?: true
  /** Whether equal nodes are the same node. */
  readonly shared: boolean
  /** Records the operation when inputs hide axes; `shape` is that of the result as one draw sees it. Gives the node. */
  readonly batch: (values: ReadonlyArray<Value>, attributes: Attributes, axes: ReadonlyArray<Axis>, shape: Shape, dtype?: DType) => number
  /** Replaces the whole of `bind` where the layout depends on which axes each side hides. */
  readonly rule?: (values: ReadonlyArray<Value>, attributes: Attributes, axes: ReadonlyArray<Axis>) => Value
  /** Cotangents of the inputs from that of the result; undefined where there is none. */
  readonly reverse?: (cotangent: Value, call: Call) => ReadonlyArray<Value | undefined>
  /** How a cotangent that passed it, or the operation itself, behaves at branches that were not taken: see grad.ts. */
  readonly branch?: "gate" | "activation" | "linear" | "nonlinear"
  /** Prepares the reference kernel of one node: plain loops, from the inputs' buffers into the output's. */
  readonly kernel: (node: Node, inputs: ReadonlyArray<Shape>, context: KernelContext) => Kernel
}

/** One use of a primitive, as reverse mode sees it: real shapes only. */
export interface Call {
  readonly inputs: ReadonlyArray<Value>
  readonly output: Value
  readonly attributes: Attributes
}

export type Kernel = (inputs: ReadonlyArray<TypedArray>, output: TypedArray) => void

export interface KernelContext {
  readonly allocate: (dtype: DType, length: number) => TypedArray
  /** Prepares a nested graph, such as the body of a scan. */
  readonly prepare: (graph: { readonly nodes: ReadonlyArray<Node> }, outputs: ReadonlyArray<number>) => PreparedGraph
}

export interface PreparedGraph {
  /** Values of the inputs by node; gives the buffers of the outputs, which the next run overwrites. */
  readonly run: (inputs: ReadonlyMap<number, TypedArray>) => ReadonlyArray<TypedArray>
}

const rankOf: Readonly<Record<DType, number>> = { bool: 0, i32: 1, u32: 2, f32: 3, f64: 4 }

/** The widest of the given dtypes. */
export const promote = (_: Attributes, ...dtypes: ReadonlyArray<DType>): DType => dtypes.reduce((a, b) => (rankOf[b] > rankOf[a] ? b : a))

export const firstDType = (_: Attributes, first: DType): DType => first

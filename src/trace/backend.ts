/**
 * A tfjs backend that records. Each traced tensor shows its one-draw shape; what it hides is in its Value. Kernels are lowered for one
 * draw only: hidden axes are the business of `bind`.
 */
import * as tf from "@tensorflow/tfjs-core"
import { TraceError } from "../errors.ts"
import { fill } from "../graph/bind.ts"
import type { Recorder } from "../graph/recorder.ts"
import { emit, isRecording, newRecorder, real, recorder, within } from "../graph/recorder.ts"
import { sizeOf } from "../graph/shape.ts"
import type { DType, Shape, TypedArray } from "../graph/types.ts"
import type { Axis, Value } from "../graph/value.ts"
import { lowerings } from "./lower/lowerings.ts"

const dtypes: Readonly<Record<string, DType>> = { float32: "f32", int32: "i32", bool: "bool" }
const tfDTypes: Readonly<Record<DType, "float32" | "int32" | "bool">> = {
  f32: "float32",
  f64: "float32",
  i32: "int32",
  u32: "int32",
  bool: "bool"
}

export const dtypeOf = (t: { readonly dtype: string }): DType => {
  const d = dtypes[t.dtype]
  if (d === undefined) throw new TraceError({ operation: "trace", reason: `tensors of dtype ${t.dtype} can't be used in a model` })
  return d
}

const values = new WeakMap<object, Value>()
let active: ReadonlyArray<Axis> = []

/** Axes in force here, outermost first. */
export const activeAxes = (): ReadonlyArray<Axis> => active

export const withActiveAxes = <A>(axes: ReadonlyArray<Axis>, f: () => A): A => {
  const before = active
  active = axes
  try {
    return f()
  } finally {
    active = before
  }
}

const rootOf = (r: Recorder): Recorder => (r.outer === undefined ? r : rootOf(r.outer))

/** An input of the outermost graph; the same source gives the same one of a dtype. */
export const inputFor = (source: object, name: string, shape: Shape, dtype: DType, data: () => TypedArray | undefined): Value => {
  const root = rootOf(recorder())
  const known = sourcesOf(root)
  const found = known.get(source)?.find((v) => v.dtype === dtype)
  if (found !== undefined) return lift(found, recorder())
  const value = within(root, () => {
    const label = root.inputs.some((i) => i.name === name) ? `${name} (${root.inputs.length})` : name
    const id = emit("input", [], { name: label, shape }, dtype)
    const initial = data()
    root.inputs.push({ node: id, name: label, ...(initial === undefined ? {} : { data: initial }) })
    return real(id)
  })
  known.set(source, [...(known.get(source) ?? []), value])
  return lift(value, recorder())
}

const sources = new WeakMap<Recorder, Map<object, ReadonlyArray<Value>>>()
const sourcesOf = (root: Recorder): Map<object, ReadonlyArray<Value>> => {
  const known = sources.get(root) ?? new Map<object, ReadonlyArray<Value>>()
  sources.set(root, known)
  return known
}

/** A value of an outer graph, captured as an input of this one where that is the body of a scan. */
const lift = (v: Value, r: Recorder): Value => {
  if (v.recorder === r) return v
  if (r.outer === undefined) {
    throw new TraceError({
      operation: "trace",
      reason: "a traced tensor was used outside the function it was recorded in",
      remedy: "Return what is needed, or make the tensor inside."
    })
  }
  const outside = lift(v, r.outer)
  const key = `${outside.id} ${outside.shape.join()}`
  const known = r.captured.get(key)
  if (known !== undefined) return known.inside
  const inside = within(r, () => real(emit("input", [], { shape: outside.shape }, outside.dtype)))
  r.captured.set(key, { inside, outside })
  return inside
}

/** The Value of a tensor in the current graph. */
export const valueOf = (t: tf.Tensor): Value => {
  const known = values.get(t.dataId)
  if (known === undefined) {
    return inputFor(t.dataId, "data", t.shape, dtypeOf(t), () => t.dataSync().slice() as TypedArray)
  }
  const lost = known.axes.find((a) => !active.includes(a))
  if (lost !== undefined) {
    throw new TraceError({
      operation: lost.name,
      reason: `a value that varies over "${lost.name}" was used outside it`,
      remedy: `Return it from "${lost.name}" to use it here.`
    })
  }
  return lift(known, recorder())
}

/** Whether a traced tensor is in float64: to tfjs it is float32. */
export const isDouble = (t: tf.Tensor): boolean => values.get(t.dataId)?.dtype === "f64"

const handleOf = (v: Value): tf.TensorInfo => {
  const dataId = {}
  values.set(dataId, v)
  return { dataId, shape: [...v.shape], dtype: tfDTypes[v.dtype] }
}

/** A tensor that stands for a Value. */
export const tensorOf = (v: Value): tf.Tensor => tf.engine().makeTensorFromTensorInfo(handleOf(v), backendOf())

/**
 * tfjs turns every number into a float32 before a backend sees it. The shortest decimal with the same float32 gives literals back: 0.1,
 * not 0.10000000149.
 */
const literal = (v: number): number => {
  if (!Number.isFinite(v) || Math.fround(v) !== v || (Number.isInteger(v) && Math.abs(v) < 2 ** 24)) return v
  for (let digits = 1; digits < 9; digits++) {
    const d = Number(v.toPrecision(digits))
    if (Math.fround(d) === v) return d
  }
  return v
}

const unreadable = (operation: string): TraceError =>
  new TraceError({
    operation,
    reason: "the value of a traced tensor is not known while a model is recorded",
    remedy: "Decide with tf.where instead of JavaScript, and do not read values (dataSync, array, print) inside a model."
  })

class Recording extends tf.KernelBackend {
  override write(data: tf.BackendValues, shape: Array<number>, dtype: tf.DataType): object {
    const dataId = {}
    if (!isRecording()) {
      throw new TraceError({
        operation: "tensor",
        reason: "a tensor was made outside a model, and no tfjs backend is loaded to hold it",
        remedy: 'Import "@tensorflow/tfjs", or a backend such as "@tensorflow/tfjs-backend-cpu".'
      })
    }
    if (data !== null && data.length !== sizeOf(shape)) {
      throw new TraceError({
        operation: "tensor",
        reason: "an array of traced tensors is not an array of numbers",
        remedy: "Join tensors with tf.stack or tf.concat."
      })
    }
    const numbers = Array.from(data as ArrayLike<number>, (x) => literal(Number(x)))
    const first = numbers[0]
    const type = dtypeOf({ dtype })
    const value =
      numbers.length > 0 && numbers.every((x) => Object.is(x, first))
        ? fill(first!, shape, type)
        : real(emit("constant", [], { shape, value: Float64Array.from(numbers) }, type))
    values.set(dataId, value)
    return dataId
  }
  override readSync(): tf.BackendValues {
    throw unreadable("dataSync")
  }
  override read(): Promise<tf.BackendValues> {
    return Promise.reject(unreadable("data"))
  }
  override disposeData(): boolean {
    return true
  }
  override incRef(): void {}
  override refCount(): number {
    return 1
  }
  override numDataIds(): number {
    return 0
  }
  override floatPrecision(): 16 | 32 {
    return 32
  }
  override epsilon(): number {
    return 1e-7
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }
  override timerAvailable(): boolean {
    return false
  }
  override dispose(): void {}
}

const backendName = "pushforward-trace"
let backend: Recording | undefined

const containsTensor = (x: unknown): boolean => x instanceof tf.Tensor || (Array.isArray(x) && x.some(containsTensor))

const kernelFor = (kernelName: string): tf.KernelFunc => {
  const lower = lowerings[kernelName]
  return ({ inputs, attrs }) => {
    if (lower === undefined) {
      throw new TraceError({
        operation: kernelName,
        reason: "this tfjs kernel is not known to pushforward",
        remedy: "Write it with other operations, or ask for it."
      })
    }
    for (const [name, attribute] of Object.entries(attrs ?? {})) {
      if (containsTensor(attribute)) {
        throw new TraceError({
          operation: kernelName,
          reason: `its argument "${name}" must be a number known while recording, not a tensor`
        })
      }
    }
    const given = Object.fromEntries(
      Object.entries(inputs)
        .filter(([, t]) => t !== null && t !== undefined)
        .map(([k, t]) => [k, valueOf(t as tf.Tensor)])
    )
    const out = lower(given, (attrs ?? {}) as Readonly<Record<string, never>>)
    return Array.isArray(out) ? (out as ReadonlyArray<Value>).map(handleOf) : handleOf(out as Value)
  }
}

/** The backend, registered with tfjs the first time something is traced. */
const backendOf = (): Recording => {
  if (backend !== undefined) return backend
  const made = new Recording()
  tf.registerBackend(backendName, () => made, 0)
  const others = tf
    .engine()
    .backendNames()
    .flatMap((name) => tf.getKernelsForBackend(name))
  const known = new Set([...Object.keys(lowerings), ...others.map((k) => k.kernelName)])
  for (const kernelName of known) tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFor(kernelName) })
  backend = made
  return made
}

/**
 * Copies of tfjs-core share one engine, and the Tensor class of the first that was loaded. What another version records is not what this one
 * knows.
 */
const checkSingleCore = (): void => {
  const first = (globalThis as { _tfGlobals?: ReadonlyMap<string, unknown> })._tfGlobals?.get("Tensor")
  if (first !== tf.Tensor) {
    throw new TraceError({
      operation: "trace",
      reason: "two copies of @tensorflow/tfjs-core are loaded",
      remedy: "Install one version (4.22.0) and let the package manager deduplicate it."
    })
  }
}

const refuseRandom = (): number => {
  throw new TraceError({
    operation: "Math.random",
    reason: "randomness outside a site (Math.random, tf.randomNormal, dropout) would become a constant of the compiled model",
    remedy: "Draw it with a sample site."
  })
}

/** Records what `f` does with tensors, apart from whatever is being recorded around it. */
export const recording = <A>(f: () => A): { readonly recorder: Recorder; readonly result: A } => {
  checkSingleCore()
  const engine = tf.engine()
  const mine = backendOf()
  const nameBefore = engine.backendName
  const state = engine as unknown as { backendInstance: tf.KernelBackend }
  const instanceBefore = state.backendInstance
  const random = Math.random
  const r = newRecorder(undefined)
  engine.backendName = backendName
  state.backendInstance = mine
  Math.random = refuseRandom
  try {
    return withActiveAxes([], () =>
      within(r, () => {
        engine.startScope("pushforward")
        try {
          return { recorder: r, result: f() }
        } finally {
          engine.endScope()
        }
      })
    )
  } finally {
    Math.random = random
    engine.backendName = nameBefore
    state.backendInstance = instanceBefore
  }
}

/** Numbers behind a Value while recording: those of constants, and of inputs that were given data. */
export const knownNumbers = (t: tf.Tensor): TypedArray | undefined => {
  const v = values.get(t.dataId)
  if (v === undefined) return t.dataSync() as TypedArray
  const node = v.recorder.nodes[v.id]!
  if (node.op === "fill") return new Float64Array(sizeOf(node.shape)).fill(node.attributes["value"] as number)
  if (node.op === "constant") return node.attributes["value"] as TypedArray
  if (node.op === "input") return v.recorder.inputs.find((i) => i.node === v.id)?.data
  return undefined
}

/** Matrix products and einsum. */
import { TraceError } from "../../errors.ts"
import { add, reshape, sum, transpose } from "../../graph/bind.ts"
import { dot } from "../../graph/primitive/product.ts"
import { sizeOf } from "../../graph/shape.ts"
import type { Value } from "../../graph/value.ts"
import { elementwise } from "./elementwise.ts"
import type { Attributes, Inputs, Lowering } from "./lowering.ts"

const matMul: Lowering = ({ a, b }, { transposeA, transposeB }) => dot(a!, b!, transposeA === true, transposeB === true)

const activations: Readonly<Record<string, string>> = {
  relu: "Relu",
  sigmoid: "Sigmoid",
  elu: "Elu",
  relu6: "Relu6",
  leakyrelu: "LeakyRelu"
}

const fused: Lowering = (inputs, attributes) => {
  const y = matMul(inputs, attributes) as Value
  const biased = inputs["bias"] === undefined ? y : add(y, inputs["bias"])
  const activation = activations[attributes["activation"] as string]
  return activation === undefined ? biased : elementwise[activation]!({ x: biased }, { alpha: attributes["leakyreluAlpha"] })
}

interface Term {
  readonly letters: ReadonlyArray<string>
  readonly x: Value
}

/** Sums over the letters that nothing else needs. */
const reduceTo = ({ letters, x }: Term, needed: ReadonlySet<string>): Term => {
  const gone = letters.flatMap((c, k) => (needed.has(c) ? [] : [k]))
  return { letters: letters.filter((c) => needed.has(c)), x: sum(x, gone) }
}

const inOrder = ({ letters, x }: Term, order: ReadonlyArray<string>): Value =>
  transpose(
    x,
    order.map((c) => letters.indexOf(c))
  )

const sizeIn = (terms: ReadonlyArray<Term>, c: string): number => {
  const t = terms.find((u) => u.letters.includes(c))!
  return t.x.shape[t.letters.indexOf(c)]!
}

/** Two terms contracted: [shared, own left, contracted] · [shared, contracted, own right]. */
const contract = (left: Term, right: Term, kept: ReadonlySet<string>): Term => {
  const a = reduceTo(left, new Set([...kept, ...right.letters]))
  const b = reduceTo(right, new Set([...kept, ...left.letters]))
  const shared = a.letters.filter((c) => b.letters.includes(c) && kept.has(c))
  const gone = a.letters.filter((c) => b.letters.includes(c) && !kept.has(c))
  const rows = a.letters.filter((c) => !b.letters.includes(c))
  const columns = b.letters.filter((c) => !a.letters.includes(c))
  const size = (cs: ReadonlyArray<string>): number => sizeOf(cs.map((c) => sizeIn([a, b], c)))
  const batch = shared.map((c) => sizeIn([a, b], c))
  const product = dot(
    reshape(inOrder(a, [...shared, ...rows, ...gone]), [...batch, size(rows), size(gone)]),
    reshape(inOrder(b, [...shared, ...gone, ...columns]), [...batch, size(gone), size(columns)])
  )
  const letters = [...shared, ...rows, ...columns]
  return {
    letters,
    x: reshape(
      product,
      letters.map((c) => sizeIn([a, b], c))
    )
  }
}

const einsum = (inputs: Inputs, { equation }: Attributes): Value => {
  const [left, out] = (equation as string).replace(/\s/g, "").split("->")
  const order = [...out!]
  const terms: Array<Term> = left!.split(",").map((letters, k) => ({ letters: [...letters], x: Object.values(inputs)[k]! }))
  if (terms.some((t) => new Set(t.letters).size !== t.letters.length)) {
    throw new TraceError({ operation: `einsum "${String(equation)}"`, reason: "a letter stands twice in one operand" })
  }
  while (terms.length > 1) {
    const [first, second, ...rest] = terms as [Term, Term, ...Array<Term>]
    terms.splice(0, 2, contract(first, second, new Set([...order, ...rest.flatMap((t) => t.letters)])))
  }
  return inOrder(reduceTo(terms[0]!, new Set(order)), order)
}

export const products: Readonly<Record<string, Lowering>> = {
  BatchMatMul: matMul,
  _FusedMatMul: fused,
  Einsum: einsum
}

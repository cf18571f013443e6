/**
 * Fusion: elementwise computations over the same elements, and the reductions of their results, become groups that are computed in one nest of
 * loops. A group has a level; it reads only what has a lower one, so that the groups of a program can be put in an order.
 */
import type { DType } from "../../../graph/types.ts"
import { sizeOf } from "../../../graph/shape.ts"
import { isElementwise } from "../operations.ts"
import type { Computation, Lowered } from "./computation.ts"
import { isFill, viewsOf } from "./computation.ts"
import type { View } from "./view.ts"
import { isDense } from "./view.ts"
import type { Space } from "./space.ts"
import { common, reducedSpace, spaceOf } from "./space.ts"

type Kind = "f32" | "f64" | "integer"

export interface Group {
  readonly level: number
  /** Elements. */
  readonly size: number
  readonly kind: Kind
  readonly members: Array<number>
  /** What is computed otherwise: a group of its own. */
  readonly single: boolean
  space: Space
  /** What its reductions keep; undefined where there is none. */
  reduction: string | undefined
}

const kinds: Readonly<Record<DType, Kind>> = { f32: "f32", f64: "f64", bool: "f32", i32: "integer", u32: "integer" }

/** What a computation brings to a group. */
type Piece = Pick<Group, "size" | "kind" | "members" | "space" | "reduction">

/** Members of one group: more make the compiler of the host slow. */
const most = 96

const isFusible = (c: Computation): boolean => c.op === "reduce" || isElementwise(c.op)

/** Whether a view is all elements of a value in their order. */
export const isIdentity = (v: View, size: number): boolean => v.offset === 0 && sizeOf(v.shape) === size && isDense(v)

const fits = (a: Group, b: Piece): boolean =>
  a.size === b.size &&
  !a.single &&
  a.kind === b.kind &&
  a.members.length + b.members.length <= most &&
  (a.reduction === undefined || b.reduction === undefined || a.reduction === b.reduction) &&
  common(a.space, b.space) !== undefined

/** Whether one space has no block that the other lacks: groups that only read the same go together then. */
const alike = (a: Space, b: Space): boolean => a.every((x) => b.includes(x)) || b.every((x) => a.includes(x))

/** Whether groups that fit in pairs fit all at once. */
const together = (all: ReadonlyArray<Piece>): boolean =>
  all.reduce((n, g) => n + g.members.length, 0) <= most &&
  all.reduce<Space | undefined>((s, g) => s && common(s, g.space), []) !== undefined

export const fuse = ({ computations, outputs }: Lowered): ReadonlyArray<Group> => {
  const views = computations.map(viewsOf)
  const groupOf: Array<Group | undefined> = []
  const groups = new Set<Group>()
  /** Groups that read a value, the last at each level. */
  const readers: Array<Map<number, Group> | undefined> = []

  const kindOf = (c: Computation): Kind => {
    let kind = kinds[c.dtype]
    for (const o of c.operands) {
      const other = kinds[isFill(o) ? o.dtype : computations[o.value]!.dtype]
      if (other === "integer" || (other === "f64" && kind === "f32")) kind = other
    }
    return kind
  }
  const pieceOf = (c: Computation, i: number): Piece => {
    if (!isFusible(c)) return { size: sizeOf(c.shape), kind: "f32", members: [i], space: [], reduction: undefined }
    let space: Space = []
    for (const v of views[i]!) space = common(space, spaceOf(v))!
    if (c.op !== "reduce") return { size: sizeOf(c.shape), kind: kindOf(c), members: [i], space, reduction: undefined }
    const [first] = views[i]!
    const axes = c.attributes["axes"] as ReadonlyArray<number>
    return {
      size: sizeOf(first!.shape),
      kind: kindOf(c),
      members: [i],
      space: common(space, reducedSpace(first!.shape, axes))!,
      reduction: reductionKey(first!, axes)
    }
  }
  const join = (g: Group, from: Piece): void => {
    g.space = common(g.space, from.space)!
    g.reduction ??= from.reduction
    for (const m of from.members) {
      g.members.push(m)
      groupOf[m] = g
    }
  }

  computations.forEach((c, i) => {
    if (c.op === "input" || c.op === "constant" || c.op === "nothing") return
    const piece = pieceOf(c, i)
    const fusible = isFusible(c)
    let [level, above] = [0, 0]
    for (const v of views[i]!) {
      const source = groupOf[v.value]
      if (source === undefined) continue
      const same = fusible && !source.single && isIdentity(v, piece.size) && computations[v.value]!.op !== "reduce"
      level = Math.max(level, same ? source.level : source.level + 1)
      above = Math.max(above, source.level + 1)
    }
    const read = (g: Group): void => {
      for (const v of views[i]!) (readers[v.value] ??= new Map()).set(g.level, g)
    }
    if (fusible) {
      const made: Array<Group> = []
      for (const v of views[i]!) {
        const source = groupOf[v.value]
        if (source?.level === level && !made.includes(source)) made.push(source)
      }
      if (made.length === 0) {
        for (const v of views[i]!) {
          const beside = readers[v.value]?.get(level)
          if (beside !== undefined && groups.has(beside) && fits(beside, piece) && alike(beside.space, piece.space)) {
            made.push(beside)
            break
          }
        }
      }
      const [first, ...others] = made
      if (
        first !== undefined &&
        fits(first, piece) &&
        others.every((o) => fits(first, o)) &&
        (others.length === 0 || together([first, piece, ...others]))
      ) {
        for (const o of others) {
          join(first, o)
          groups.delete(o)
        }
        join(first, piece)
        return read(first)
      }
    }
    const group: Group = { ...piece, level: above, single: !fusible }
    groups.add(group)
    groupOf[i] = group
    if (fusible) read(group)
  })

  // what only one later group reads is computed there
  const users: Array<Array<number>> = computations.map(() => [])
  views.forEach((vs, i) => vs.forEach((v) => users[v.value]!.push(i)))
  const wanted = new Set(outputs)
  for (let i = computations.length - 1; i >= 0; i--) {
    const from = groupOf[i]
    const reading = users[i]!
    if (from === undefined || from.single || computations[i]!.op === "reduce" || wanted.has(i) || reading.length === 0) continue
    const to = groupOf[reading[0]!]!
    if (to === from || to.single || to.level <= from.level || to.size !== from.size) continue
    if (!reading.every((u) => groupOf[u] === to && views[u]!.every((v) => v.value !== i || isIdentity(v, to.size)))) continue
    const piece = pieceOf(computations[i]!, i)
    if (!fits(to, piece)) continue
    from.members.splice(from.members.indexOf(i), 1)
    if (from.members.length === 0) groups.delete(from)
    join(to, piece)
  }
  for (const g of groups) g.members.sort((a, b) => a - b)
  return [...groups].sort((a, b) => a.level - b.level || a.members[0]! - b.members[0]!)
}

/** Reductions of one group go over the same elements: which dimensions are kept, once neighbours are merged. */
const reductionKey = ({ shape }: View, axes: ReadonlyArray<number>): string => {
  let key = ""
  let run = 1
  let before: boolean | undefined
  shape.forEach((size, d) => {
    if (size === 1) return
    const reduced = axes.includes(d)
    if (before !== undefined && before !== reduced) {
      key += `${run}${before ? "r" : "k"}`
      run = 1
    }
    before = reduced
    run *= size
  })
  return `${key}${run}${before === true ? "r" : "k"}`
}

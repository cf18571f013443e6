/**
 * Fusion: elementwise computations over the same elements, and the reductions of their results, become groups that are computed in one nest of
 * loops. A group has a level; it reads only what has a lower one, so that the groups of a program can be put in an order.
 */
import type { DType } from "../../../graph/types.ts"
import { sizeOf } from "../../../graph/shape.ts"
import { isElementwise } from "../operations.ts"
import type { Computation, Lowered } from "./computation.ts"
import { viewsOf } from "./computation.ts"
import type { View } from "./view.ts"
import { isDense } from "./view.ts"
import type { Space } from "./space.ts"
import { common, reducedSpace, spaceOf } from "./space.ts"

export interface Group {
  readonly level: number
  /** Elements. */
  readonly size: number
  readonly kind: "f32" | "f64" | "integer"
  readonly members: Array<number>
  /** What is computed otherwise: a group of its own. */
  readonly single: boolean
  space: Space
}

/** Members of one group: more make the compiler of the host slow. */
const most = 96

const isFusible = (c: Computation): boolean => isElementwise(c.op) || c.op === "copy" || c.op === "reduce"

const kindOf = (dtypes: ReadonlyArray<DType>): Group["kind"] =>
  dtypes.some((d) => d === "i32" || d === "u32") ? "integer" : dtypes.includes("f64") ? "f64" : "f32"

/** Whether a view is all elements of a value in their order. */
export const isIdentity = (v: View, size: number): boolean => v.offset === 0 && isDense(v) && sizeOf(v.shape) === size

export const fuse = ({ computations, outputs }: Lowered): ReadonlyArray<Group> => {
  const groupOf: Array<Group | undefined> = []
  const groups = new Set<Group>()
  const wanted = new Set(outputs)
  const users: Array<Array<number>> = computations.map(() => [])
  computations.forEach((c, i) => viewsOf(c).forEach((v) => users[v.value]!.push(i)))
  const isLeaf = (i: number): boolean => computations[i]!.op === "input" || computations[i]!.op === "constant"
  const dtypesOf = (c: Computation): ReadonlyArray<DType> => [
    c.dtype,
    ...c.operands.map((o) => ("fill" in o ? o.dtype : computations[o.value]!.dtype))
  ]
  const elementsOf = (c: Computation): number => sizeOf(c.op === "reduce" ? viewsOf(c)[0]!.shape : c.shape)
  /** Groups that read a value, by level. */
  const readers = new Map<string, Group>()

  const spaceFor = (c: Computation): Space => {
    const space = viewsOf(c).reduce<Space | undefined>((s, v) => s && common(s, spaceOf(v)), [])!
    return c.op === "reduce"
      ? (common(space, reducedSpace(viewsOf(c)[0]!.shape, c.attributes["axes"] as ReadonlyArray<number>)) ?? space)
      : space
  }
  const reductionOf = (g: Group): string | undefined => {
    const r = g.members.find((m) => computations[m]!.op === "reduce")
    return r === undefined ? undefined : reductionKey(computations[r]!)
  }
  const fits = (a: Group, b: Pick<Group, "size" | "kind" | "members" | "space">): boolean => {
    const [r, s] = [reductionOf(a), reductionOf(b as Group)]
    return (
      !a.single &&
      a.size === b.size &&
      a.kind === b.kind &&
      a.members.length + b.members.length <= most &&
      (r === undefined || s === undefined || r === s) &&
      common(a.space, b.space) !== undefined
    )
  }
  /** Whether the groups, which fit in pairs, fit all at once. */
  const together = (all: ReadonlyArray<Pick<Group, "members" | "space">>): boolean =>
    all.reduce((n, g) => n + g.members.length, 0) <= most &&
    all.reduce<Space | undefined>((s, g) => s && common(s, g.space), []) !== undefined
  const join = (g: Group, from: Pick<Group, "members" | "space">): void => {
    g.space = common(g.space, from.space)!
    for (const m of from.members) {
      g.members.push(m)
      groupOf[m] = g
    }
  }

  computations.forEach((c, i) => {
    if (isLeaf(i)) return
    const size = elementsOf(c)
    const sources = viewsOf(c).map((v) => ({
      group: groupOf[v.value],
      value: v.value,
      identity: isIdentity(v, size) && computations[v.value]!.op !== "reduce"
    }))
    const alone = { level: 0, size, kind: kindOf(dtypesOf(c)), members: [i], space: isFusible(c) ? spaceFor(c) : [] }
    const least = (joinable: boolean): number =>
      Math.max(0, ...sources.map((s) => (s.group === undefined ? 0 : s.group.level + (joinable && s.identity && !s.group.single ? 0 : 1))))
    if (isFusible(c)) {
      const level = least(true)
      const made = [...new Set(sources.flatMap((s) => (s.group?.level === level ? [s.group] : [])))]
      const beside = sources.flatMap((s) => readers.get(`${s.value} ${level}`) ?? []).filter((g) => groups.has(g))
      const [first, ...others] = made.length > 0 ? made : beside.slice(0, 1)
      if (first !== undefined && [alone, ...others].every((o) => fits(first, o)) && together([first, alone, ...others])) {
        for (const o of others) {
          join(first, o)
          groups.delete(o)
        }
        join(first, alone)
        for (const s of sources) readers.set(`${s.value} ${level}`, first)
        return
      }
    }
    const group: Group = { ...alone, level: least(false), single: !isFusible(c) }
    groups.add(group)
    groupOf[i] = group
    if (!group.single) for (const s of sources) readers.set(`${s.value} ${group.level}`, group)
  })

  // what only one later group reads is computed there
  for (let i = computations.length - 1; i >= 0; i--) {
    const c = computations[i]!
    const from = groupOf[i]
    if (from === undefined || from.single || c.op === "reduce" || wanted.has(i) || users[i]!.length === 0) continue
    const to = groupOf[users[i]![0]!]!
    if (to === from || to.single || to.level <= from.level || !users[i]!.every((u) => groupOf[u] === to)) continue
    if (!users[i]!.every((u) => viewsOf(computations[u]!).every((v) => v.value !== i || isIdentity(v, to.size)))) continue
    const alone = { size: elementsOf(c), kind: kindOf(dtypesOf(c)), members: [i], space: spaceFor(c) }
    if (!fits(to, alone)) continue
    from.members.splice(from.members.indexOf(i), 1)
    if (from.members.length === 0) groups.delete(from)
    join(to, alone)
  }
  for (const g of groups) g.members.sort((a, b) => a - b)
  return [...groups].sort((a, b) => a.level - b.level || a.members[0]! - b.members[0]!)
}

/** Reductions of one group go over the same elements: which dimensions are kept, once neighbours are merged. */
const reductionKey = (c: Computation): string => {
  const { shape } = viewsOf(c)[0]!
  const axes = c.attributes["axes"] as ReadonlyArray<number>
  const runs: Array<{ size: number; readonly reduced: boolean }> = []
  shape.forEach((size, d) => {
    if (size === 1) return
    const reduced = axes.includes(d)
    const before = runs.at(-1)
    if (before?.reduced === reduced) before.size *= size
    else runs.push({ size, reduced })
  })
  return JSON.stringify(runs)
}

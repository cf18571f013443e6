/**
 * What follows a matrix product element by element, such as a bias and an activation, is computed while the product's elements are in registers: it
 * moves from its group to the product's.
 */
import { sizeOf } from "../../../graph/shape.ts"
import type { Computation, Lowered } from "./computation.ts"
import { isFill, viewsOf } from "./computation.ts"
import type { Group } from "./fuse.ts"
import { isIdentity } from "./fuse.ts"
import { spaceOf } from "./space.ts"

/** Products whose sums run along more than one block of K come together in memory. */
const longest = 256

interface Plan {
  readonly users: ReadonlyArray<ReadonlyArray<number>>
  readonly groupOf: Map<number, Group>
  readonly wanted: ReadonlySet<number>
  /** Whether vectors can compute it. */
  readonly isVectorised: (c: Computation) => boolean
}

/** The group that reads a product, if it is one, element by element. */
const readerOf = (p: number, { computations }: Lowered, { users, groupOf, wanted }: Plan): Group | undefined => {
  const { shape, dtype } = computations[p]!
  const size = sizeOf(shape)
  const [depth] = viewsOf(computations[p]!).map((v) => v.shape.at(-1)!)
  const group = groupOf.get(users[p]![0] ?? -1)
  if (group === undefined || group.single || wanted.has(p) || shape.length !== 2 || depth === 0 || depth! > longest) return undefined
  const alike = group.size === size && group.kind === dtype && users[p]!.every((u) => groupOf.get(u) === group)
  return alike ? group : undefined
}

/** The members that go with a product: what is stored of what depends on it, and what that needs; none if they cannot go alone. */
const following = (
  p: number,
  group: Group,
  { computations }: Lowered,
  { users, groupOf, wanted, isVectorised }: Plan
): ReadonlyArray<number> => {
  const [, columns] = computations[p]!.shape
  const from = (m: number): ReadonlyArray<number> => viewsOf(computations[m]!).map((v) => v.value)
  const isElementwise = (m: number): boolean => groupOf.get(m) === group && computations[m]!.op !== "reduce"
  const isStored = (m: number): boolean => wanted.has(m) || users[m]!.some((u) => groupOf.get(u) !== group)
  const dependent = new Set([p])
  for (const m of group.members) if (isElementwise(m) && from(m).some((v) => dependent.has(v))) dependent.add(m)
  const moved = new Set(group.members.filter((m) => dependent.has(m) && isStored(m)))
  for (const m of group.members.toReversed()) if (moved.has(m)) for (const v of from(m)) if (isElementwise(v)) moved.add(v)
  const fits = (m: number): boolean =>
    isVectorised(computations[m]!) &&
    computations[m]!.operands.every(
      (o) => isFill(o) || (o.value === p ? isIdentity(o, group.size) : spaceOf(o).every((n) => n === columns))
    )
  const isIndependent = (m: number): boolean => from(m).every((v) => v !== p && (!moved.has(v) || isStored(v)))
  const together = group.members.every((m) => (moved.has(m) ? fits(m) : isIndependent(m)))
  return together ? group.members.filter((m) => moved.has(m)) : []
}

/** The groups in their order, products with what follows them right before what is left of its group. */
export const withEpilogues = (
  groups: ReadonlyArray<Group>,
  lowered: Lowered,
  isVectorised: (c: Computation) => boolean
): ReadonlyArray<Group> => {
  const { computations, outputs } = lowered
  const users: Array<Array<number>> = computations.map(() => [])
  computations.forEach((c, i) => c.operands.forEach((o) => !isFill(o) && users[o.value]!.push(i)))
  const groupOf = new Map(groups.flatMap((g) => g.members.map((m) => [m, g] as const)))
  const plan: Plan = { users, groupOf, wanted: new Set(outputs), isVectorised }
  const before = new Map<Group, Array<Group>>()
  const gone = new Set<Group>()
  for (const product of groups) {
    if (gone.has(product)) continue
    const p = product.members[0]!
    const reader = computations[p]!.op === "dot" ? readerOf(p, lowered, plan) : undefined
    if (reader === undefined) continue
    const moved = following(p, reader, lowered, plan)
    if (moved.length === 0) continue
    const { size, kind, level, members } = reader
    const made = { size, kind, level, members: [p, ...moved], single: true, space: [computations[p]!.shape[1]!], reduction: undefined }
    gone.add(product)
    before.set(reader, [...(before.get(reader) ?? []), made])
    for (const m of made.members) groupOf.set(m, made)
    for (const m of moved) members.splice(members.indexOf(m), 1)
    if (members.length === 0) gone.add(reader)
  }
  return groups.flatMap((g) => [...(before.get(g) ?? []), ...(gone.has(g) ? [] : [g])])
}

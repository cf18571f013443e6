/** Where a number first went wrong: the program replayed on the reference kernels, with a look at each node. */
import { contextOf, prepare } from "../graph/interpret.ts"
import type { Node, Program, TypedArray } from "../graph/types.ts"

export interface Blame {
  /** The site, parameter or layer, with the operation. */
  readonly where: string
  readonly remedy: string
}

type Fault = "NaN" | "infinite"

const faultIn = (values: TypedArray): Fault | undefined =>
  values.some(Number.isNaN) ? "NaN" : values.every(Number.isFinite) ? undefined : "infinite"

/** What was seen of the nodes: faults, and the range of the finite numbers of each. */
interface Seen {
  readonly faults: ReadonlyMap<Node, Fault>
  readonly ranges: ReadonlyMap<Node, readonly [low: number, high: number]>
}

const seenIn = (program: Program, inputs: Readonly<Record<string, TypedArray>>): Seen => {
  const faults = new Map<Node, Fault>()
  const ranges = new Map<Node, readonly [number, number]>()
  const inspect = (node: Node, _: number, value: TypedArray): void => {
    const fault = node.dtype === "f32" || node.dtype === "f64" ? faultIn(value) : undefined
    if (fault !== undefined && faults.get(node) !== "NaN") faults.set(node, fault)
    let [low, high] = ranges.get(node) ?? [Infinity, -Infinity]
    for (const v of value) {
      if (v < low) low = v
      if (v > high) high = v
    }
    ranges.set(node, [low, high])
  }
  const values = new Map(
    program.inputs.flatMap(({ node, name, data }) => {
      const value = inputs[name] ?? data
      return value === undefined ? [] : [[node, value] as const]
    })
  )
  for (const [id, value] of values) inspect(program.graph.nodes[id]!, id, value)
  prepare(program.graph, program.outputs, contextOf("float64", inspect), inspect).run(values)
  return { faults, ranges }
}

/** A reshaped value is not computed: it is in the buffer of what it shows. */
const shownIn = (nodes: ReadonlyArray<Node>, id: number): number =>
  nodes[id]!.op === "reshape" ? shownIn(nodes, nodes[id]!.inputs[0]!) : id

/**
 * Nodes that are not finite although their inputs are, among those by which that reached an output, in order: what was not finite in a branch
 * that was not taken is none of these.
 */
const sourcesOf = ({ graph: { nodes }, outputs }: Program, faults: ReadonlyMap<Node, Fault>): ReadonlyArray<Node> => {
  const shown = (id: number): number => shownIn(nodes, id)
  const faulty = (id: number): boolean => faults.has(nodes[shown(id)]!)
  const reached = new Set(outputs.filter(faulty).map(shown))
  for (const id of reached) for (const input of nodes[id]!.inputs) if (faulty(input)) reached.add(shown(input))
  return nodes.filter((node, id) => reached.has(id) && !node.inputs.some(faulty))
}

const remedies: Readonly<Record<Fault, string>> = {
  NaN: "Look at what is computed there: a root, a logarithm or a parameter may leave the numbers it is made for. A constraint on a latent, standardised data or a narrower prior usually cures it.",
  infinite:
    "Where the density is 0 at draws of the guide, its support depends on other sites: give the latents constraints that keep the data possible. Otherwise a number overflows: standardise the data or narrow the prior."
}

/** The site, parameter or layer where finite values first gave one that is not. */
export const whereNonFinite = (program: Program, inputs: Readonly<Record<string, TypedArray>>): Blame => {
  const { faults, ranges } = seenIn(program, inputs)
  const node = sourcesOf(program, faults)[0]
  if (node === undefined)
    return { where: "in the engine's arithmetic", remedy: "In float64 the same step is finite: fit with an engine in float64." }
  const fault = faults.get(node)!
  if (node.op === "input") {
    return {
      where: `the data (${String(node.attributes["name"])}, shape [${node.shape.join(", ")}])`,
      remedy: `They hold numbers that are ${fault}. Leave those rows out, or mask them.`
    }
  }
  const origin = node.origin === "" ? "outside all sites" : node.origin
  const operands = node.inputs.flatMap((id) => {
    const range = ranges.get(program.graph.nodes[shownIn(program.graph.nodes, id)]!)
    return range === undefined
      ? []
      : [range[0] === range[1] ? range[0].toPrecision(3) : `${range[0].toPrecision(3)} to ${range[1].toPrecision(3)}`]
  })
  const of = operands.length === 0 ? "" : ` of ${operands.join(" and ")}`
  return { where: `${origin}, operation ${node.op}${of}, shape [${node.shape.join(", ")}] (${fault})`, remedy: remedies[fault] }
}

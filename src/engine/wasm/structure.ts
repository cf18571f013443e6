/** What of a program its compiled code depends on: everything but the data and the names of its inputs. */
import type { Program } from "../../graph/types.ts"
import { keyOf } from "./plan/nest.ts"

export const structureOf = ({ graph, inputs, outputs }: Program): string =>
  keyOf([
    graph.nodes.map(({ op, inputs: from, attributes, shape, dtype }) => [op, from, op === "input" ? {} : attributes, shape, dtype]),
    inputs.map((i) => i.node),
    outputs
  ])

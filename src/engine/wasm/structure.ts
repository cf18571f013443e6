/** What of a program its compiled code depends on: everything but the data and the names of its inputs. Those of `carried` are its state. */
import type { Program } from "../../graph/types.ts"
import { keyOf } from "./plan/nest.ts"

export const structureOf = ({ graph, inputs, outputs }: Program, carried?: ReadonlyArray<string>): string =>
  keyOf([
    graph.nodes.map(({ op, inputs: from, attributes, shape, dtype }) => [op, from, op === "input" ? {} : attributes, shape, dtype]),
    inputs.map(({ node, name, data }) => [node, data === undefined, carried?.indexOf(name)]),
    outputs
  ])

import { describe, expect, it } from "vitest"
import * as D from "../../src/distribution/index.ts"
import type { Distribution } from "../../src/distribution/index.ts"
import { contextOf, prepare } from "../../src/graph/interpret.ts"
import { noiseStream } from "../../src/trace/noiseStream.ts"
import { leave, newAxis, under } from "../../src/trace/axes.ts"
import { programOf, trace } from "../../src/trace/trace.ts"

/** Draws, and their log densities, with every real number rounded to float32. */
const single = (d: Distribution, draws: number) => {
  const { program } = trace(() => {
    const axis = newAxis("draw", draws)
    const [x, logProb] = under(axis, () => {
      const x = d.sample(noiseStream("draw"))
      return [leave(x, axis), leave(d.logProb(x), axis)]
    })
    return { program: programOf([x!, logProb!]) }
  }).result
  const key = program.inputs.find(({ name }) => name === "key")!.node
  const data = new Map(program.inputs.flatMap(({ node, data }) => (data === undefined ? [] : [[node, data] as const])))
  const [x, logProb] = prepare(program.graph, program.outputs, contextOf("own")).run(data.set(key, Uint32Array.of(0, 1, 0)))
  return { x: x!.slice(), logProb: logProb!.slice() }
}

describe("in float32 draws at the edge of what it can hold stay in the support, with a finite density", () => {
  it.each<[string, Distribution]>([
    ["Gamma of tiny shape", D.Gamma(0.01, 1)],
    ["Gamma of huge shape", D.Gamma(1e6, 1e-3)],
    ["InverseGamma of small shape", D.InverseGamma(0.2, 1)],
    ["Beta between its ends", D.Beta(0.05, 0.05)],
    ["Beta beside 1", D.Beta(50, 0.1)],
    ["Dirichlet in its corners", D.Dirichlet([0.05, 0.05, 0.05])],
    ["HalfCauchy", D.HalfCauchy(1e3)],
    ["StudentT of few degrees", D.StudentT(0.5, 0, 1)],
    ["StudentT of many", D.StudentT(1e7, 0, 1)],
    ["Normal far in its tail", D.Truncated(D.Normal(0, 1), { low: 30 })],
    ["Normal between bounds in its tail", D.Truncated(D.Normal(0, 1), { low: -13, high: -12 })],
    ["Cauchy far in its tail", D.Truncated(D.Cauchy(0, 1), { high: -1e5 })],
    ["LKJCholesky near singular", D.LKJCholesky(4, 0.2)],
    ["Poisson of huge rate", D.Poisson(1e6)],
    ["NegativeBinomial of tiny concentration", D.NegativeBinomial(10, 0.01)],
    ["Binomial of almost certain success", D.Binomial(1000, 12)],
    ["Bernoulli of almost certain failure", D.Bernoulli(-60)]
  ])("%s", (_, d) => {
    const draws = 2000
    const { x, logProb } = single(d, draws)
    const size = x.length / draws
    for (let i = 0; i < draws; i++) {
      const event = x.slice(i * size, (i + 1) * size)
      const violation = d.support.violation(event, d.eventShape)
      // rounding puts a draw onto an open bound
      if (violation !== undefined && !/is not (above|below)/.test(violation)) expect.fail(violation)
    }
    expect(logProb.findIndex((lp) => !Number.isFinite(lp))).toBe(-1)
  })
})

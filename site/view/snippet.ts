/** The program that does what is chosen. */
import type { Choices } from "../catalogue/choices.ts"
import { familyOf, targetOf } from "../catalogue/menu.ts"

const identifiers: Readonly<Record<Choices["target"], string>> = {
  "double-moon": "doubleMoon",
  ring: "ring",
  "two-moons": "twoMoons",
  "two-circles": "twoCircles",
  banana: "banana",
  funnel: "funnel",
  letters: 'letters("FLOW")',
  "eight-schools": "eightSchools(schools)",
  "eight-schools-noncentered": "eightSchoolsNoncentered(schools)",
  mixture: "gaussianMixture(y)",
  regression: "stoppingDistances(cars)"
}

const list = (parts: ReadonlyArray<string>): string => (parts.length === 0 ? "" : `{ ${parts.join(", ")} }`)

export const snippetOf = ({ target, way, flow, depth, width, draws, rate, steps, seed }: Choices): string => {
  const family = familyOf(flow)
  const guide = `${family.guide}(${list([
    ...(family.depth === undefined ? [] : [`${family.depth}: ${depth}`]),
    ...(family.wide ? [`hidden: [${width}, ${width}]`] : [])
  ])})`
  const name = identifiers[target]
  const options = list([`seed: ${seed}`, `steps: ${steps}`, `learningRate: ${rate}`, `${way === "draws" ? "batch" : "draws"}: ${draws}`])
  const engine = `const engine = wasm({ precision: "float64", fused: false }) // the bits of every machine`
  const given = options.replace(/ \}$/, ", engine }")
  if (way === "draws")
    return `${engine}
const density = yield* fitDensity( // ends with the best state by points held out; this page with the last
  ${guide},
  ${name}.model, // draws a fresh point for each
  ${given}
)
console.log(density.heldOut, yield* density.draws(1000))`
  const posed = targetOf(target).kind === "plane" ? `unnormalised(${name}.logProb, { size: 2 })` : name
  return `${engine}
const posterior = yield* fit( // ends with the best state; this page with the last
  ${posed},
  ${guide},
  ${given}
)
console.log(table(posterior.summary), posterior.verdict.text)`
}

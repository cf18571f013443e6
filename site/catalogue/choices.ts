/** All that a visitor chooses, and a link says. Equal choices give equal bits. */
import type { FamilyId, TargetId, Way } from "./menu.ts"
import { families, familyOf, targets, waysOf } from "./menu.ts"

export interface Choices {
  readonly target: TargetId
  readonly way: Way
  readonly flow: FamilyId
  readonly depth: number
  readonly width: number
  /** Draws of the flow, or of the target, a step. */
  readonly draws: number
  readonly rate: number
  readonly steps: number
  readonly seed: number
}

export const defaults: Choices = {
  target: "two-moons",
  way: "draws",
  flow: "spline",
  depth: 4,
  width: 32,
  draws: 256,
  rate: 0.005,
  steps: 2000,
  seed: 1
}

interface Dial {
  readonly name: string
  readonly note: string
  /** The positions of its slider. */
  readonly stops: ReadonlyArray<number>
}

export type DialId = "depth" | "width" | "draws" | "rate" | "steps"

export const dials: Readonly<Record<DialId, Dial>> = {
  depth: { name: "Depth", note: "layers", stops: [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24] },
  width: { name: "Width", note: "hidden units", stops: [4, 8, 16, 32, 64, 128] },
  draws: { name: "Draws", note: "a step", stops: [8, 16, 32, 64, 128, 256, 512, 1024] },
  rate: { name: "Learning rate", note: "of Adam", stops: [0.0003, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05] },
  steps: { name: "Steps", note: "in all", stops: [250, 500, 1000, 2000, 3000, 5000, 10_000, 20_000] }
}

/** Seeds that fit into a number's 32 bits. */
export const mostSeed = 2 ** 32 - 1

export interface Read {
  readonly choices: Choices
  /** What in a link could not be used, in sentences. */
  readonly complaints: ReadonlyArray<string>
}

const longest = 40

const quoted = (text: string): string => `“${text.length > longest ? `${text.slice(0, longest)}…` : text}”`

const wholeOrDecimal = /^\d{1,10}(\.\d{1,10})?$/

type Parse<A> = (text: string) => A | undefined

const oneOf =
  <A extends string>(ids: ReadonlyArray<{ readonly id: A }>): Parse<A> =>
  (text) =>
    ids.find(({ id }) => id === text)?.id

const within =
  (id: DialId): Parse<number> =>
  (text) => {
    const value = wholeOrDecimal.test(text) ? Number(text) : NaN
    return dials[id].stops.includes(value) ? value : undefined
  }

const parsers: { readonly [K in keyof Choices]: Parse<Choices[K]> } = {
  target: oneOf(targets),
  way: (text) => (text === "density" || text === "draws" ? text : undefined),
  flow: oneOf(families),
  depth: within("depth"),
  width: within("width"),
  draws: within("draws"),
  rate: within("rate"),
  steps: within("steps"),
  seed: (text) => (/^\d{1,10}$/.test(text) && Number(text) <= mostSeed ? Number(text) : undefined)
}

const keys = Object.keys(parsers) as ReadonlyArray<keyof Choices>

const expectations = (key: keyof Choices): string => {
  if (key === "seed") return `whole numbers up to ${mostSeed}`
  if (key === "target") return targets.map(({ id }) => id).join(", ")
  if (key === "flow") return families.map(({ id }) => id).join(", ")
  if (key === "way") return "density, draws"
  return dials[key].stops.join(", ")
}

const assign = <K extends keyof Choices>(choices: Choices, key: K, text: string): Choices | undefined => {
  const value = parsers[key](text)
  return value === undefined ? undefined : { ...choices, [key]: value }
}

/** The choices of a link's hash. What it does not say, or says wrongly, is as by default. */
export const readHash = (hash: string): Read => {
  const given = new URLSearchParams(hash.replace(/^#/, ""))
  const complaints: Array<string> = []
  let choices = defaults
  for (const [name, text] of given) {
    const key = keys.find((k) => k === name)
    if (key === undefined) {
      complaints.push(`${quoted(name)} is nothing that can be chosen.`)
      continue
    }
    const next = assign(choices, key, text)
    if (next === undefined) complaints.push(`${key} cannot be ${quoted(text)} (it can be ${expectations(key)}); it is ${choices[key]}.`)
    else choices = next
  }
  const [way] = waysOf(choices.target)
  if (!given.has("way")) choices = { ...choices, way: way! }
  else if (!waysOf(choices.target).includes(choices.way)) {
    complaints.push(`${choices.target} cannot be learned from ${choices.way}; it is learned from ${way}.`)
    choices = { ...choices, way: way! }
  }
  return { choices, complaints }
}

/** The hash of a link to the choices. All of them stand in it, so that it means the same when defaults change. */
export const writeHash = (choices: Choices): string => {
  const { depth, wide } = familyOf(choices.flow)
  const unused = [...(depth === undefined ? ["depth"] : []), ...(wide ? [] : ["width"])]
  return `#${keys.flatMap((key) => (unused.includes(key) ? [] : [`${key}=${choices[key]}`])).join("&")}`
}

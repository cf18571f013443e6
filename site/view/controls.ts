/** The form: what to learn, from what, by which flow, and how. */
import type { Choices, DialId } from "../catalogue/choices.ts"
import { dials, mostSeed } from "../catalogue/choices.ts"
import type { FamilyId, TargetId, Way } from "../catalogue/menu.ts"
import { families, familyOf, targetOf, targets, waysOf } from "../catalogue/menu.ts"

export interface Controls {
  /** Shows choices that were made elsewhere. */
  readonly show: (choices: Choices) => void
}

const make = <K extends keyof HTMLElementTagNameMap>(tag: K, className = "", text = ""): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag)
  if (className !== "") made.className = className
  if (text !== "") made.textContent = text
  return made
}

const radio = (name: string, value: string, choose: () => void): HTMLInputElement => {
  const input = make("input")
  Object.assign(input, { type: "radio", name, value })
  input.addEventListener("change", choose)
  return input
}

/** Targets as pictures. */
const pickerOf = (place: HTMLElement, choose: (id: TargetId) => void): ReadonlyArray<HTMLInputElement> => {
  const field = make("fieldset")
  field.append(make("legend", "", "What to learn"))
  const inputs = targets.map(({ id, name, icon, kind }, i) => {
    if (i > 0 && kind !== targets[i - 1]!.kind) field.append(make("span", "gap"))
    const label = make("label", "chip")
    const input = radio("target", id, () => choose(id))
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg")
    svg.setAttribute("viewBox", "0 0 24 24")
    svg.setAttribute("aria-hidden", "true")
    svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "path")).setAttribute("d", icon)
    label.append(input, svg, make("span", "", name))
    field.append(label)
    return input
  })
  place.replaceChildren(field)
  return inputs
}

interface Option<A extends string> {
  readonly id: A
  readonly name: string
}

const optionsOf = <A extends string>(
  form: HTMLElement,
  name: string,
  legend: string,
  all: ReadonlyArray<Option<A>>,
  choose: (id: A) => void
) => {
  const field = make("fieldset")
  const row = make("div", "options")
  const note = make("p", "note")
  const inputs = all.map((option) => {
    const label = make("label")
    const input = radio(name, option.id, () => choose(option.id))
    label.append(input, option.name)
    row.append(label)
    return input
  })
  field.append(make("legend", "", legend), row, note)
  form.append(field)
  return { inputs, note }
}

const exact = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 6 })

const dialOf = (form: HTMLElement, id: DialId, choose: (value: number) => void) => {
  const { name, note, stops } = dials[id]
  const label = make("label", "dial")
  const title = make("span", "", `${name} `)
  const small = title.appendChild(make("small", "", note))
  const output = make("output")
  const input = make("input")
  Object.assign(input, { type: "range", min: "0", max: String(stops.length - 1), step: "1", name: id })
  const say = (): void => {
    const value = stops[Number(input.value)]!
    output.textContent = exact(value)
    input.setAttribute("aria-valuetext", `${exact(value)} ${small.textContent}`)
    input.style.setProperty("--filled", `${(100 * Number(input.value)) / (stops.length - 1)}%`)
  }
  input.addEventListener("input", () => {
    say()
    choose(stops[Number(input.value)]!)
  })
  label.append(title, output, input)
  form.append(label)
  return {
    show: (value: number, enabled: boolean, unit = note): void => {
      input.value = String(stops.indexOf(value))
      input.disabled = !enabled
      small.textContent = unit
      say()
    }
  }
}

const ways: ReadonlyArray<Option<Way>> = [
  { id: "density", name: "its log density" },
  { id: "draws", name: "draws of it" }
]

const wayNotes: Readonly<Record<Way, string>> = {
  density: "Reverse KL: the flow’s own draws are judged by the density. It seeks modes.",
  draws: "Maximum likelihood: fresh points in each step. It covers all that it is shown."
}

export const controlsOf = (form: HTMLFormElement, picker: HTMLElement, change: (choices: Choices) => void, first: Choices): Controls => {
  let choices = first
  /** What the visitor has set, whatever a target begins with. */
  let own = first
  const tell = (next: Choices): void => {
    show(next)
    change(next)
  }
  const choose = (some: Partial<Choices>): void => {
    own = { ...choices, ...some }
    tell(own)
  }
  const pick = (id: TargetId): void => {
    const target = targetOf(id)
    tell({ ...own, target: id, way: waysOf(id)[0]!, ...(target.kind === "plane" ? target.begin : {}) })
  }
  form.addEventListener("submit", (event) => event.preventDefault())

  const targetInputs = pickerOf(picker, pick)
  const way = optionsOf(form, "way", "Learn it from", ways, (id) => choose({ way: id }))
  const flow = optionsOf<FamilyId>(form, "flow", "By a flow", families, (id) => choose({ flow: id }))
  const sizes = form.appendChild(make("fieldset"))
  sizes.append(make("legend", "", "Its size"))
  const size = {
    depth: dialOf(sizes, "depth", (depth) => choose({ depth })),
    width: dialOf(sizes, "width", (width) => choose({ width }))
  }
  const trainings = form.appendChild(make("fieldset"))
  trainings.append(make("legend", "", "Its training"))
  const training = {
    draws: dialOf(trainings, "draws", (draws) => choose({ draws })),
    rate: dialOf(trainings, "rate", (rate) => choose({ rate })),
    steps: dialOf(trainings, "steps", (steps) => choose({ steps }))
  }
  const field = form.appendChild(make("fieldset"))
  field.append(make("legend", "", "Seed"))
  const row = field.appendChild(make("div", "seed"))
  const seed = row.appendChild(make("input"))
  Object.assign(seed, { type: "number", min: "0", max: String(mostSeed), step: "1", name: "seed", inputMode: "numeric" })
  seed.setAttribute("aria-label", "Seed")
  seed.addEventListener("change", () => {
    const value = Number(seed.value)
    if (seed.value !== "" && Number.isSafeInteger(value) && value >= 0 && value <= mostSeed) choose({ seed: value })
    else seed.value = String(choices.seed)
  })
  const next = row.appendChild(make("button", "", "Next"))
  next.type = "button"
  next.addEventListener("click", () => choose({ seed: (choices.seed + 1) % (mostSeed + 1) }))

  const show = (to: Choices): void => {
    choices = to
    const family = familyOf(to.flow)
    const target = targetOf(to.target)
    for (const input of targetInputs) input.checked = input.value === to.target
    for (const input of way.inputs) {
      input.checked = input.value === to.way
      input.disabled = !waysOf(to.target).includes(input.value as Way)
    }
    for (const input of flow.inputs) input.checked = input.value === to.flow
    way.note.textContent = target.kind === "model" ? target.note : `${target.note} ${wayNotes[to.way]}`
    flow.note.textContent = family.note
    size.depth.show(to.depth, family.depth !== undefined, family.depth)
    size.width.show(to.width, family.wide === true)
    training.draws.show(to.draws, true, to.way === "draws" ? "points a step" : "a step")
    training.rate.show(to.rate, true)
    training.steps.show(to.steps, true)
    seed.value = String(to.seed)
  }
  show(first)
  return {
    show: (to) => {
      own = to
      show(to)
    }
  }
}

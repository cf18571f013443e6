/** What can be chosen: plain data, for the page, the worker and the link alike. */

/** What a fit learns from: a log density at the flow's own draws, or draws of the target. */
export type Way = "density" | "draws"

export type Range = readonly [number, number]

interface Entry {
  readonly id: string
  readonly name: string
  /** A sentence on what it is. */
  readonly note: string
  /** An outline of 24 × 24, as the data of an SVG path. */
  readonly icon: string
}

/** A density in the plane. */
export interface Plane extends Entry {
  readonly kind: "plane"
  /** The first is the one to begin with. */
  readonly ways: ReadonlyArray<Way>
  /** A flow and a training that follow it, where most do not. */
  readonly begin?: { readonly flow: "real-nvp" | "spline"; readonly depth: number; readonly rate: number; readonly steps: number }
  /** The part of the plane that is shown. */
  readonly view: { readonly x: Range; readonly y: Range }
}

/** A Bayesian model, whose posterior is shown in two of its unconstrained coordinates. */
export interface Posed extends Entry {
  readonly kind: "model"
  /** The unconstrained coordinates, in their order. */
  readonly coordinates: ReadonlyArray<string>
  /** The two that are shown, by their numbers. */
  readonly shown: readonly [number, number]
  /** What the corner plot shows. */
  readonly corner: ReadonlyArray<string>
  readonly labels: Readonly<Record<string, string>>
}

const square = (r: number): Plane["view"] => ({ x: [-r, r], y: [-r, r] })

const circle = (x: number, y: number, r: number): string => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0`

const subscripts = "₁₂₃₄₅₆₇₈"
const effects = (letter: string): ReadonlyArray<string> => Array.from(subscripts, (n) => letter + n)

const planes = [
  {
    kind: "plane",
    id: "double-moon",
    name: "Double moon",
    note: "Two half rings. All that is known of them is an unnormalised log density.",
    ways: ["density", "draws"],
    begin: { flow: "real-nvp", depth: 8, rate: 0.001, steps: 3000 },
    view: square(2.1),
    icon: "M2,11a6,6 0 0,1 12,0M10,13a6,6 0 0,0 12,0"
  },
  {
    kind: "plane",
    id: "ring",
    name: "Ring of eight",
    note: "Eight normal distributions on a circle. From its density a flow finds some of them; from draws, all.",
    ways: ["draws", "density"],
    view: square(4.3),
    icon: Array.from({ length: 8 }, (_, k) => circle(12 + 8 * Math.cos((Math.PI * k) / 4), 12 + 8 * Math.sin((Math.PI * k) / 4), 1.6)).join(
      ""
    )
  },
  {
    kind: "plane",
    id: "two-moons",
    name: "Two moons",
    note: "Interleaved half circles with a little noise, as scikit-learn makes them.",
    ways: ["draws", "density"],
    view: { x: [-1.4, 2.4], y: [-1.65, 2.15] },
    icon: "M2,13a6.5,6.5 0 0,1 13,0M9,10a6.5,6.5 0 0,0 13,0"
  },
  {
    kind: "plane",
    id: "two-circles",
    name: "Two circles",
    note: "One circle within another: a flow cannot tear the plane, and has to stretch it.",
    ways: ["draws", "density"],
    view: square(2.3),
    icon: circle(12, 12, 9) + circle(12, 12, 4.5)
  },
  {
    kind: "plane",
    id: "banana",
    name: "Banana",
    note: "A normal distribution bent along a parabola.",
    ways: ["density", "draws"],
    view: { x: [-4.2, 4.2], y: [-3.4, 5] },
    icon: "M3,4c2,21 16,21 18,0"
  },
  {
    kind: "plane",
    id: "funnel",
    name: "Funnel",
    note: "Neal’s funnel: the spread across is exp(v/2) at height v. No Gaussian follows it.",
    ways: ["density", "draws"],
    view: { x: [-22, 22], y: [-9, 9] },
    icon: "M2,3c7,4 9.4,10 10,18c0.6,-8 3,-14 10,-18"
  },
  {
    kind: "plane",
    id: "letters",
    name: "Letters",
    note: "Dots uniform within the pixels of a word. Their density has edges, so the flow learns from draws.",
    ways: ["draws"],
    begin: { flow: "spline", depth: 6, rate: 0.005, steps: 3000 },
    view: { x: [-3.7, 3.7], y: [-3.7, 3.7] },
    icon: "M4,20V4H11M4,12H10M15,4V20H21"
  }
] as const satisfies ReadonlyArray<Plane>

const models = [
  {
    kind: "model",
    id: "eight-schools",
    name: "Eight schools",
    note: "Effects drawn about their mean. Where τ is small they are held tightly together: a funnel.",
    coordinates: ["μ", "log τ", ...effects("θ")],
    shown: [2, 1],
    corner: ["mu", "tau", "theta[0]"],
    labels: { mu: "μ", tau: "τ", "theta[0]": "θ₁" },
    icon: "M3,5H17M6,10H20M4,15H15M7,20H21"
  },
  {
    kind: "model",
    id: "eight-schools-noncentered",
    name: "Eight schools, non-centred",
    note: "The same posterior by standardised effects: in these coordinates the funnel is gone.",
    coordinates: ["μ", "log τ", ...effects("z")],
    shown: [2, 1],
    corner: ["mu", "tau", "theta[0]"],
    labels: { mu: "μ", tau: "τ", "theta[0]": "θ₁" },
    icon: "M5,5H19M5,10H19M5,15H19M5,20H19M12,2V22"
  },
  {
    kind: "model",
    id: "mixture",
    name: "Gaussian mixture",
    note: "Means, spreads and shares of two overlapping groups, from 150 numbers.",
    coordinates: ["μ₁", "log (μ₂ − μ₁)", "log σ₁", "log σ₂", "logit θ"],
    shown: [0, 4],
    corner: ["mu[0]", "mu[1]", "sigma[0]", "theta"],
    labels: { "mu[0]": "μ₁", "mu[1]": "μ₂", "sigma[0]": "σ₁", theta: "θ" },
    icon: "M2,20C7,20 6,6 9,6S11,16 13,16S15,10 17,10S18,20 22,20"
  },
  {
    kind: "model",
    id: "regression",
    name: "Stopping distances",
    note: "A line through 50 cars of the 1920s. Intercept and slope correlate at −0.95; no units to scale.",
    coordinates: ["intercept", "slope", "log σ"],
    shown: [0, 1],
    corner: ["beta[0]", "beta[1]", "sigma"],
    labels: { "beta[0]": "intercept", "beta[1]": "slope", sigma: "σ" },
    icon: `M3,21L21,4${circle(7, 15, 1.2)}${circle(11, 15.5, 1.2)}${circle(13, 9, 1.2)}${circle(17.5, 10, 1.2)}`
  }
] as const satisfies ReadonlyArray<Posed>

export type PlaneId = (typeof planes)[number]["id"]
export type ModelId = (typeof models)[number]["id"]
export type TargetId = PlaneId | ModelId

export const targets: ReadonlyArray<(Plane | Posed) & { readonly id: TargetId }> = [...planes, ...models]

export const targetOf = (id: TargetId): (typeof targets)[number] => targets.find((target) => target.id === id)!

/** The ways in which a target can be learned. A posterior is always learned from its density. */
export const waysOf = (id: TargetId): ReadonlyArray<Way> => {
  const target = targetOf(id)
  return target.kind === "plane" ? target.ways : ["density"]
}

export interface Family {
  readonly id: string
  readonly name: string
  readonly note: string
  /** Its name among the guides. */
  readonly guide: string
  /** What its depth counts, as the guide's option is called; a family without layers has none. */
  readonly depth?: "couplings" | "layers"
  /** Whether its layers have networks, which have a width. */
  readonly wide?: boolean
}

export const families = [
  { id: "mean-field", name: "Mean field", note: "Independent normal distributions.", guide: "meanField" },
  { id: "full-rank", name: "Full rank", note: "A normal distribution with any covariance.", guide: "fullRank" },
  { id: "planar", name: "Planar", note: "Layers that bend the space along one direction each.", guide: "planarFlow", depth: "layers" },
  { id: "radial", name: "Radial", note: "Layers that push about one point each.", guide: "radialFlow", depth: "layers" },
  { id: "nice", name: "NICE", note: "Additive couplings, which keep volumes.", guide: "nice", depth: "couplings", wide: true },
  {
    id: "real-nvp",
    name: "RealNVP",
    note: "Affine couplings: half of the coordinates shift and scale the others.",
    guide: "realNVP",
    depth: "couplings",
    wide: true
  },
  {
    id: "spline",
    name: "Neural spline",
    note: "Rational-quadratic spline couplings: each bends an axis freely.",
    guide: "neuralSplineFlow",
    depth: "couplings",
    wide: true
  },
  {
    id: "maf",
    name: "Masked AR",
    note: "Autoregressive maps, made for densities of points.",
    guide: "maskedAutoregressiveFlow",
    depth: "layers",
    wide: true
  },
  {
    id: "iaf",
    name: "Inverse AR",
    note: "Inverse autoregressive maps, made for draws.",
    guide: "inverseAutoregressiveFlow",
    depth: "layers",
    wide: true
  }
] as const satisfies ReadonlyArray<Family>

export type FamilyId = (typeof families)[number]["id"]

export const familyOf = (id: FamilyId): Family => families.find((family) => family.id === id)!

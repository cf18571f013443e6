/** The gallery's entries, in the order in which they are shown. */
import { amortisedMoons } from "./amortisedMoons/entry.ts"
import { circlesConditional, circlesCoupling, circlesSpline } from "./twoCircles.ts"
import { conditionalMoons } from "./conditionalMoons.ts"
import { depthAndWidth } from "./ring/depthAndWidth.ts"
import { doubleMoon } from "./doubleMoon.ts"
import { eightSchoolsGuides } from "./eightSchools/entry.ts"
import type { Entry } from "./entry.ts"
import { layers } from "./ring/layers.ts"
import { letters } from "./letters.ts"
import { ring } from "./ring/ring.ts"
import { ringByMode } from "./ring/byMode.ts"
import { ringByRadius } from "./ring/byRadius.ts"
import { swissRoll } from "./swissRoll.ts"
import { changeOfVariables, planeTransforms, transformed } from "./maps/entries.ts"
import { twoMoons } from "./twoMoons.ts"
import { vae } from "./vae/entry.ts"

export const entries: ReadonlyArray<Entry> = [
  changeOfVariables,
  transformed,
  planeTransforms,
  ring,
  ringByMode,
  ringByRadius,
  layers,
  depthAndWidth,
  letters,
  doubleMoon,
  swissRoll,
  twoMoons,
  conditionalMoons,
  amortisedMoons,
  circlesSpline,
  circlesCoupling,
  circlesConditional,
  eightSchoolsGuides,
  vae
]

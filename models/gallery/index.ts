/** The gallery's entries, in the order in which they are shown. */
import { amortisedMoons } from "./amortisedMoons.ts"
import { circlesConditional, circlesCoupling, circlesSpline } from "./twoCircles.ts"
import { conditionalMoons } from "./conditionalMoons.ts"
import { depthAndWidth } from "./depthAndWidth.ts"
import { doubleMoon } from "./doubleMoon.ts"
import { eightSchoolsGuides } from "./eightSchoolsGuides.ts"
import type { Entry } from "./entry.ts"
import { layers } from "./layers.ts"
import { letters } from "./letters.ts"
import { ring } from "./ring.ts"
import { ringByMode } from "./ringByMode.ts"
import { ringByRadius } from "./ringByRadius.ts"
import { swissRoll } from "./swissRoll.ts"
import { changeOfVariables, planeTransforms, transformed } from "./teaching.ts"
import { twoMoons } from "./twoMoons.ts"
import { vae } from "./vae/index.ts"

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

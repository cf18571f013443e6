import type { Guide } from "pushforward"
import {
  fullRank,
  inverseAutoregressiveFlow,
  maskedAutoregressiveFlow,
  meanField,
  neuralSplineFlow,
  nice,
  planarFlow,
  radialFlow,
  realNVP
} from "pushforward/guides"
import type { Choices } from "../catalogue/choices.ts"
import type { FamilyId } from "../catalogue/menu.ts"

type Size = Pick<Choices, "depth" | "width">

const guides: Readonly<Record<FamilyId, (size: Size) => Guide>> = {
  "mean-field": () => meanField(),
  "full-rank": () => fullRank(),
  planar: ({ depth }) => planarFlow({ layers: depth }),
  radial: ({ depth }) => radialFlow({ layers: depth }),
  nice: ({ depth, width }) => nice({ couplings: depth, hidden: [width, width] }),
  "real-nvp": ({ depth, width }) => realNVP({ couplings: depth, hidden: [width, width] }),
  spline: ({ depth, width }) => neuralSplineFlow({ couplings: depth, hidden: [width, width] }),
  maf: ({ depth, width }) => maskedAutoregressiveFlow({ layers: depth, hidden: [width, width] }),
  iaf: ({ depth, width }) => inverseAutoregressiveFlow({ layers: depth, hidden: [width, width] })
}

export const guideOf = (choices: Choices): Guide => guides[choices.flow](choices)

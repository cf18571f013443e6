import * as G from "../../guides/index.ts"
import type { Guide } from "../../guides/index.ts"

export interface Registered {
  readonly guide: Guide
  readonly size?: number
  readonly context?: number
}

/** Exports that are no guide by themselves. */
export const others = ["amortised"] as const

const realNVP = G.realNVP({ couplings: 2, hidden: [4] })
const nice = G.nice({ couplings: 2, hidden: [4] })
const planar = G.planarFlow({ layers: 2, hidden: [4] })
const radial = G.radialFlow({ layers: 2, hidden: [4] })
const masked = G.maskedAutoregressiveFlow({ layers: 2, hidden: [4] })
const inverse = G.inverseAutoregressiveFlow({ layers: 2, hidden: [4] })
const spline = G.neuralSplineFlow({ couplings: 2, hidden: [4], bins: 3 })

/** Every guide that is exported. */
export const guides: Readonly<Record<Exclude<keyof typeof G, (typeof others)[number]>, ReadonlyArray<Registered>>> = {
  fullRank: [
    { guide: G.fullRank(), size: 2 },
    { guide: G.fullRank(), size: 1 }
  ],
  inverseAutoregressiveFlow: [
    { guide: inverse, size: 2 },
    { guide: inverse, size: 1 },
    { guide: inverse, context: 2 }
  ],
  maskedAutoregressiveFlow: [
    { guide: masked, size: 2 },
    { guide: G.maskedAutoregressiveFlow({ layers: 1, hidden: [4], transform: "spline", bins: 3 }), context: 2 }
  ],
  meanField: [{ guide: G.meanField(), size: 4 }],
  neuralSplineFlow: [{ guide: spline }, { guide: spline, size: 1 }, { guide: spline, context: 2 }],
  nice: [
    { guide: nice, size: 2 },
    { guide: nice, context: 2 }
  ],
  planarFlow: [
    { guide: planar, size: 2 },
    { guide: planar, context: 2 }
  ],
  radialFlow: [
    { guide: radial, size: 2 },
    { guide: radial, context: 2 }
  ],
  realNVP: [{ guide: realNVP, size: 2 }, { guide: G.realNVP({ couplings: 3, hidden: [3] }) }, { guide: realNVP, context: 2 }]
}

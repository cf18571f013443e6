import * as L from "../../src/learnable/index.ts"
import type { Bijector } from "../../src/bijector/index.ts"
import type { Learnable } from "../../src/learnable/index.ts"

export interface Registered {
  readonly learnable: Learnable<Bijector, L.FlowContext>
  readonly context?: number
}

/** Exports that build no bijector. */
export const others = ["flatten", "frozen", "leaves", "mapTree", "mlp", "parameter", "sizeOfTree", "unflatten"] as const

const network = { hidden: [5], activation: "tanh", outputScale: 1 } as const
const scaleTril = [
  [1, 0],
  [0.5, 2]
]

/** Every learnable bijector that is exported. */
export const learnables: Readonly<Record<Exclude<keyof typeof L, (typeof others)[number]>, ReadonlyArray<Registered>>> = {
  learnableAffineCoupling: [
    { learnable: L.learnableAffineCoupling({ size: 3, ...network }) },
    { learnable: L.learnableAffineCoupling({ size: 3, transform: "first", context: 2, ...network }), context: 2 },
    { learnable: L.learnableAffineCoupling({ size: 1, context: 2, ...network }), context: 2 }
  ],
  learnableConditionalAffine: [{ learnable: L.learnableConditionalAffine({ size: 2, context: 3, ...network }), context: 3 }],
  learnableElementwiseAffine: [{ learnable: L.learnableElementwiseAffine({ shift: [0, 1], scale: [2, 3] }) }],
  learnableSplineCoupling: [
    { learnable: L.learnableSplineCoupling({ size: 3, ...network }) },
    { learnable: L.learnableSplineCoupling({ size: 3, context: 2, ...network }), context: 2 },
    { learnable: L.learnableSplineCoupling({ size: 1, ...network }) }
  ],
  learnableTriangularAffine: [{ learnable: L.learnableTriangularAffine({ shift: [1, 2], scaleTril }) }],
  sequence: [
    {
      learnable: L.sequence([
        L.learnableSplineCoupling({ size: 2, context: 2, ...network }),
        L.learnableTriangularAffine({ shift: [0, 0], scaleTril })
      ]),
      context: 2
    }
  ]
}

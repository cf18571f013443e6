import * as tf from "@tensorflow/tfjs-core"
import { Normal, type Distribution } from "../../src/distribution/index.ts"
import * as L from "../../src/learnable/index.ts"
import { affineCoupling, type Bijector, permutation } from "../../src/bijector/index.ts"
import type { Learnable } from "../../src/learnable/index.ts"

export interface Registered {
  readonly learnable: Learnable<Bijector, L.FlowContext>
  readonly context?: number
}

/** Exports that build no bijector. */
export const others = [
  "deepSet",
  "flatten",
  "fourierFeatures",
  "frozen",
  "leaves",
  "learnableMixture",
  "learnableStudentT",
  "learnableTransformed",
  "mapTree",
  "mlp",
  "parameter",
  "sizeOfTree",
  "unflatten"
] as const

const network = { hidden: [5], activation: "tanh", outputScale: 1 } as const
const rows = [
  [1, 20],
  [2, -10],
  [4, 5]
]
const scaleTril = [
  [1, 0],
  [0.5, 2]
]

/** Every learnable bijector that is exported. */
export const learnables: Readonly<Record<Exclude<keyof typeof L, (typeof others)[number]>, ReadonlyArray<Registered>>> = {
  combine: [
    {
      learnable: L.combine(
        "coupling",
        { scale: L.mlp({ inputs: 1, outputs: 2, context: 2, ...network }), shift: L.mlp({ inputs: 1, outputs: 2, ...network }) },
        ({ scale, shift }, context: L.FlowContext) =>
          affineCoupling({ size: 3, conditioner: (x) => ({ logScale: tf.tanh(scale(x, context)), shift: shift(x) }) })
      ),
      context: 2
    }
  ],
  conditional: [
    {
      learnable: L.combine(
        "given later",
        { flow: L.conditional(L.learnableAffineCoupling({ size: 3, context: 2, ...network })) },
        ({ flow }, context: L.FlowContext) => flow(context)
      ),
      context: 2
    }
  ],
  fixed: [{ learnable: L.fixed(permutation([2, 0, 1])) }],
  learnableActnorm: [{ learnable: L.learnableActnorm(rows) }],
  learnableAdditiveCoupling: [
    { learnable: L.learnableAdditiveCoupling({ size: 3, ...network }) },
    { learnable: L.learnableAdditiveCoupling({ size: 2, context: 2, ...network }), context: 2 },
    { learnable: L.learnableAdditiveCoupling({ size: 1 }) }
  ],
  learnableAffineCoupling: [
    { learnable: L.learnableAffineCoupling({ size: 3, ...network }) },
    { learnable: L.learnableAffineCoupling({ size: 3, transform: "first", context: 2, ...network }), context: 2 },
    { learnable: L.learnableAffineCoupling({ size: 1, context: 2, ...network }), context: 2 },
    { learnable: L.learnableAffineCoupling({ size: 2, logScale: (r) => tf.mul(2.5, tf.tanh(r)), ...network }) }
  ],
  learnableConditionalAffine: [{ learnable: L.learnableConditionalAffine({ size: 2, context: 3, ...network }), context: 3 }],
  learnableElementwiseAffine: [{ learnable: L.learnableElementwiseAffine({ shift: [0, 1], scale: [2, 3] }) }],
  learnableInverseAutoregressive: [
    { learnable: L.learnableInverseAutoregressive({ size: 3, ...network }) },
    { learnable: L.learnableInverseAutoregressive({ size: 2, context: 2, transform: "spline", bins: 4, ...network }), context: 2 }
  ],
  learnableLeakyReLU: [
    { learnable: L.learnableLeakyReLU({ size: 3 }) },
    { learnable: L.learnableLeakyReLU({ size: 2, context: 2, ...network }), context: 2 }
  ],
  learnableLinear: [
    { learnable: L.learnableLinear({ size: 3 }) },
    { learnable: L.learnableLinear({ size: 3, rotation: 1 }) },
    { learnable: L.learnableLinear({ size: 2, context: 2, ...network, outputScale: 0.1 }), context: 2 },
    { learnable: L.learnableLinear({ size: 1 }) }
  ],
  learnableMaskedAutoregressive: [
    { learnable: L.learnableMaskedAutoregressive({ size: 3, ...network }) },
    { learnable: L.learnableMaskedAutoregressive({ size: 3, context: 2, ...network }), context: 2 },
    { learnable: L.learnableMaskedAutoregressive({ size: 2, transform: "spline", bins: 4, ...network }) },
    { learnable: L.learnableMaskedAutoregressive({ size: 1, context: 2, ...network }), context: 2 },
    { learnable: L.learnableMaskedAutoregressive({ size: 1 }) }
  ],
  learnablePlanar: [
    { learnable: L.learnablePlanar({ size: 3 }) },
    { learnable: L.learnablePlanar({ size: 2, context: 2, ...network, outputScale: 0.1 }), context: 2 }
  ],
  learnableRadial: [
    { learnable: L.learnableRadial({ size: 3 }) },
    { learnable: L.learnableRadial({ size: 2, context: 2, ...network, outputScale: 0.1 }), context: 2 }
  ],
  learnableSpline: [
    { learnable: L.learnableSpline({ size: 2, bins: 4 }) },
    { learnable: L.learnableSpline({ size: 2, bound: 3, context: 2, ...network }), context: 2 }
  ],
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

/** Every learnable distribution that is exported. */
export const learnableDistributions: ReadonlyArray<Learnable<Distribution<"real">, L.FlowContext>> = [
  L.learnableMixture({ size: 1, components: 3 }),
  L.learnableStudentT({ size: 1 }),
  L.learnableTransformed(Normal([0], 1), L.learnableMaskedAutoregressive({ size: 1 })),
  L.learnableTransformed(L.learnableStudentT({ size: 1, df: 4 }), L.learnableRadial({ size: 1 }))
]

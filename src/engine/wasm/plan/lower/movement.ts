/** What moves numbers: views, wherever strides can say so. */
import type { Shape } from "../../../../graph/types.ts"
import { isFill } from "../computation.ts"
import type { View } from "../view.ts"
import { broadcastView, reshapeView, transposeView } from "../view.ts"
import type { Call, Rule } from "./lowering.ts"

/** Moves a view; a number stays one. */
const moved =
  (move: (v: View, call: Call) => View): Rule =>
  (call) => {
    const x = call.operands[0]!
    return isFill(x) ? x : move(x, call)
  }

export const reshape: Rule = ({ operands: [x], shapes, shape }, { dense, dtypeOf }) =>
  isFill(x!) ? x : (reshapeView(x!, shape) ?? reshapeView(dense(x!, shapes[0]!, dtypeOf(x!)), shape)!)

export const transpose = moved((v, { attributes }) => transposeView(v, attributes["permutation"] as Shape))
export const broadcast = moved((v, { shape }) => broadcastView(v, shape))
export const stopGradient = moved((v) => v)

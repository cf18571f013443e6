/** The inference problem of the double moon: noise and dilation from a set of points, whose moons and angles are summed out. */
import { model, type NDArray, observe, plate, sample } from "pushforward"
import { Uniform } from "pushforward/distributions"
import { DoubleMoon } from "./doubleMoonDistribution.ts"
import { dilations, noises } from "./moonPrior.ts"
import { moonsLogDensity } from "./moons.ts"

export interface MoonPoints {
  /** How many. */
  readonly size: number
  /** The points, [size, 2]; drawn where absent. */
  readonly x?: NDArray | ReadonlyArray<ReadonlyArray<number>>
  /** Of the quadrature over the angle; see `DoubleMoon`. */
  readonly nodes?: number
}

export const doubleMoonPoints = model(function* ({ size, x, nodes }: MoonPoints) {
  const noise = yield* sample("noise", Uniform(...noises))
  const dilation = yield* sample("dilation", Uniform(...dilations))
  yield* plate("point", { row: Array.from({ length: size }, (_, i) => i), x }, function* (point) {
    yield* observe("x", DoubleMoon(noise, dilation, nodes), point.x)
  })
})

/** log p(points | noise, dilation) in float64, to 1e-12 a point, by quadrature over the angle. */
export const logLikelihood = (points: ReadonlyArray<ArrayLike<number>>, noise: number, dilation: number): number => {
  const logDensity = moonsLogDensity(noise, dilation)
  return points.reduce((sum, point) => sum + logDensity(point), 0)
}

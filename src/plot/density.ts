/** Kernel density estimates of a marginal, for pictures. */

export interface Curve {
  readonly x: ReadonlyArray<number>
  readonly density: ReadonlyArray<number>
}

export interface DensityOptions {
  /** The places, in increasing order, at which the density is wanted. */
  readonly at: ReadonlyArray<number>
  readonly bandwidth: number
  /** The least value possible: the mass that the kernels put beyond it is reflected, so that a density which ends there is not halved. */
  readonly lower?: number
  readonly upper?: number
}

/** Silverman's bandwidth, 0.9 min(sd, IQR / 1.34) n^(−1/5) (Silverman 1986, eq. 3.31). */
export const silverman = (sd: number, interquartileRange: number, n: number): number => {
  const robust = interquartileRange / 1.34
  return 0.9 * (robust > 0 ? Math.min(sd, robust) : sd) * n ** -0.2
}

/** The density of `values` by a Gaussian kernel, reflected at the bounds. */
export const density = (values: ArrayLike<number>, { at, bandwidth, lower = -Infinity, upper = Infinity }: DensityOptions): Curve => {
  const kernel = (distance: number): number => Math.exp(-0.5 * (distance / bandwidth) ** 2)
  const scale = 1 / (values.length * bandwidth * Math.sqrt(2 * Math.PI))
  const x = at.filter((place) => place >= lower && place <= upper)
  const total = (place: number): number => {
    let sum = 0
    for (let i = 0; i < values.length; i++) {
      sum += kernel(place - values[i]!)
      if (lower > -Infinity) sum += kernel(place + values[i]! - 2 * lower)
      if (upper < Infinity) sum += kernel(place + values[i]! - 2 * upper)
    }
    return sum * scale
  }
  return { x, density: x.map(total) }
}

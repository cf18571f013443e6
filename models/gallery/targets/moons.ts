/**
 * Two half ellipses, one the other turned about the origin: (cos t − ½, δ sin t − ¼) for t on (0, π) and its negative, with normal noise.
 * With δ = 1 these are scikit-learn's two moons, moved by (−½, −¼) so that the origin is their middle.
 */
import * as tf from "@tensorflow/tfjs-core"
import { blurredCurve, nodesFor, sampleCurve, type SampledCurve } from "./blurredCurve.ts"
import { gaussLegendre } from "./quadrature.ts"

/** Upper (0) or lower (1). */
export type Moon = 0 | 1

/** A point of a moon without noise. */
export const moonPoint = (moon: tf.Tensor, angle: tf.Tensor, dilation: tf.Tensor | number): tf.Tensor => {
  const upper = tf.stack([tf.sub(tf.cos(angle), 0.5), tf.sub(tf.mul(dilation, tf.sin(angle)), 0.25)])
  return tf.mul(upper, tf.sub(1, tf.mul(2, tf.cast(moon, "float32"))))
}

const halfCircle = (count: number): SampledCurve => sampleCurve((t) => [Math.cos(t), Math.sin(t)], gaussLegendre(count, 0, Math.PI))
const halfCircles = [48, 64, 96, 128, 192, 256].map(halfCircle)

/**
 * The upper moon at the nodes that noise and dilation ask for. Beyond a bend, up to 8 standard deviations away, the noise is narrower as seen
 * from its middle.
 */
export const upperMoon = (noise: number, dilation: number): SampledCurve => {
  const count = nodesFor(Math.PI, Math.max(1, dilation) * Math.sqrt(1 + 8 * noise), noise)
  const { coordinates, logShares } = halfCircles.find((sampled) => sampled.logShares.length >= count) ?? halfCircle(count)
  const [cosines, sines] = coordinates
  return { coordinates: [cosines!.map((c) => c - 0.5), sines!.map((s) => dilation * s - 0.25)], logShares }
}

/** log p(x | moon, noise, dilation) for points in the plane, by quadrature over the angle to 1e-12. */
export const moonLogDensity = (noise: number, dilation: number): ((x: ArrayLike<number>, moon: Moon) => number) => {
  const upper = blurredCurve(upperMoon(noise, dilation), noise)
  return (x, moon) => upper(moon === 0 ? x : [-x[0]!, -x[1]!])
}

const logAddExp = (a: number, b: number): number => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))

/** log p(x | noise, dilation): either moon is as likely. */
export const moonsLogDensity = (noise: number, dilation: number): ((x: ArrayLike<number>) => number) => {
  const ofMoon = moonLogDensity(noise, dilation)
  return (x) => logAddExp(ofMoon(x, 0), ofMoon(x, 1)) - Math.LN2
}

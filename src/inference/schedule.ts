/** Learning-rate schedules: the rate at a fraction of the way, from 0 to 1. */
import { cos } from "../special/index.ts"

export type LearningRate = (progress: number) => number

export const constantRate =
  (rate: number): LearningRate =>
  () =>
    rate

/**
 * A short warm-up, then half a cosine down to a hundredth of the rate.
 *
 * @see Loshchilov & Hutter 2017, "SGDR", eq. 5.
 */
export const cosine =
  (rate: number, warmUp = 0.05): LearningRate =>
  (progress) => {
    if (progress < warmUp) return (rate * progress) / warmUp
    const t = (progress - warmUp) / (1 - warmUp)
    return rate * (0.01 + 0.99 * 0.5 * (1 + cos(Math.PI * t)))
  }

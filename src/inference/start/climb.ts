import * as Effect from "effect/Effect"
import { courtesy } from "../courtesy.ts"
import type { LbfgsOptions, LbfgsState } from "../lbfgs.ts"
import { lbfgs } from "../lbfgs.ts"
import type { Evaluation } from "./density.ts"

/** Maximises by L-BFGS from several points at once: all that are still running are evaluated together. */
export const climb = <E>(
  evaluate: (points: ReadonlyArray<Float64Array>) => Effect.Effect<ReadonlyArray<Evaluation>, E>,
  from: ReadonlyArray<Float64Array>,
  options: LbfgsOptions
): Effect.Effect<ReadonlyArray<LbfgsState>, E> =>
  Effect.gen(function* () {
    const { init, step } = lbfgs(options)
    const pause = courtesy()
    let states = from.map(init)
    for (;;) {
      const running = states.filter((s) => s.status === "running")
      if (running.length === 0) return states
      const evaluated = yield* evaluate(running.map((s) => s.next))
      const stepped = new Map(
        running.map(
          (s, i) =>
            [
              s,
              step(
                s,
                -evaluated[i]!.value,
                evaluated[i]!.gradient.map((g) => -g)
              )
            ] as const
        )
      )
      states = states.map((s) => stepped.get(s) ?? s)
      yield* pause
    }
  })

/** A worker of the page: it fits, as threads may wait in a worker only. */
import * as Effect from "effect/Effect"
import type { WasmOptions } from "pushforward"
import { hasRelaxedSimd } from "../../src/engine/wasm/assembler/features.ts"
import { type Fitted, fitted } from "./fit.ts"

export type Answer = { readonly fused: boolean } | { readonly fit: Fitted } | { readonly error: string }

const answer = (options: WasmOptions | undefined): Promise<Answer> =>
  options === undefined
    ? Promise.resolve({ fused: hasRelaxedSimd() })
    : Effect.runPromise(
        Effect.match(fitted(options), {
          onSuccess: (fit): Answer => ({ fit }),
          onFailure: ({ message }): Answer => ({ error: message })
        })
      )

onmessage = async ({ data }: MessageEvent<WasmOptions | undefined>) => postMessage(await answer(data))

/** The same architectures by the same budgets in PyTorch: their figures, and how they are made anew. */
import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { kept } from "../report.ts"

export interface Peer {
  readonly entry: string
  /** Of the run with the median figure; none where that has diverged. */
  readonly heldOut?: number
  readonly error?: number
  /** How far the held-out figure lies below the truth's own. */
  readonly kl?: number
  readonly klError?: number
  /** KL(flow ‖ truth), where that is what was trained. */
  readonly reverseKl?: number
  readonly seconds?: number
  /** By each seed. */
  readonly runs: ReadonlyArray<{ readonly heldOut?: number; readonly kl?: number; readonly reverseKl?: number; readonly diverged?: string }>
}

export const peerOf = (name: string): Peer | undefined => kept<Peer>("gallery-peers").find(({ entry }) => entry === name)

const python = fileURLToPath(new URL("../.venv/bin/python", import.meta.url))
const script = fileURLToPath(new URL("../peers/gallery/run.py", import.meta.url))

/** Trains what stands under these names in PyTorch, where there is a Python for it. */
export const trainPeers = (names: ReadonlyArray<string>): Effect.Effect<void> => {
  if (names.length === 0) return Effect.void
  if (!existsSync(python)) return Console.log("  PyTorch is not here: see bench/peers/README.md")
  return Effect.tryPromise({
    try: (signal) => promisify(execFile)(python, [script, ...names], { signal }),
    catch: (cause) => (cause as Error).message
  }).pipe(Effect.matchEffect({ onFailure: (reason) => Console.log(`  PyTorch: ${reason}`), onSuccess: () => Effect.void }))
}

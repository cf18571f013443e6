/** A peer reads requests, a JSON object a line, and answers each by a line, as in protocol.py. */
import { createInterface } from "node:readline"
import type { Peer } from "../cases.ts"
import type { Step } from "../programs.ts"

/** What a peer is told of a step. */
export interface Task extends Peer {
  readonly parameters: Step["parameters"]
  readonly rate: number
}

/** Runs one step and gives its objective. */
export type Run = () => number | Promise<number>

const timed = async (run: Run, seconds: number) => {
  const times: Array<number> = []
  const objectives: Array<number> = []
  const end = performance.now() + 1000 * seconds
  while (times.length === 0 || performance.now() < end) {
    const before = performance.now()
    objectives.push(await run())
    times.push(performance.now() - before)
  }
  return { times, objectives }
}

type Request = { readonly case: Task } | { readonly seconds: number }

export const serve = async (build: (task: Task) => Run): Promise<void> => {
  let run: Run | undefined
  const answer = async (request: Request): Promise<unknown> => {
    if ("seconds" in request) return await timed(run!, request.seconds)
    const started = performance.now()
    run = build(request.case)
    await run()
    return { seconds: (performance.now() - started) / 1000 }
  }
  for await (const line of createInterface({ input: process.stdin })) {
    const answered = await answer(JSON.parse(line) as Request).catch((error: unknown) => ({
      error: error instanceof Error ? error.message : String(error)
    }))
    process.stdout.write(`${JSON.stringify(answered)}\n`)
  }
}

/** For peers that have RealNVP alone. */
export const realNVPOnly = (build: (task: Task) => Run) => (task: Task) => {
  if (task.guide !== "RealNVP") throw new Error(`${task.guide} is not written for this peer`)
  return build(task)
}

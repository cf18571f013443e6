/** A worker as the page sees it: one run at a time, and news of no other. */
import type { Choices } from "./catalogue/choices.ts"
import type { Frame, Judged, Ready, Reply, Request } from "./protocol.ts"

export interface Listener {
  readonly ready: (ready: Ready) => void
  readonly frame: (frame: Frame) => void
  readonly judged: (judged: Judged) => void
  readonly state: (state: "training" | "paused" | "done") => void
  readonly failed: (message: string) => void
}

export interface Session {
  readonly start: (choices: Choices) => void
  readonly pause: () => void
  readonly resume: () => void
  readonly peek: (step: number | undefined) => void
  readonly behind: (density: "target" | "flow") => void
  readonly judge: () => void
  readonly end: () => void
}

export const sessionOf = (listener: Listener): Session => {
  const worker = new Worker(new URL("./worker/worker.ts", import.meta.url), { type: "module" })
  let run = 0
  const send = (request: Request): void => worker.postMessage(request)
  worker.onmessage = ({ data }: MessageEvent<Reply>) => {
    if (data.run !== run) return
    switch (data.type) {
      case "ready":
        return listener.ready(data)
      case "frame":
        listener.frame(data)
        // The next one is computed while this one is on the screen.
        return void requestAnimationFrame(() => send({ type: "drawn" }))
      case "judged":
        return listener.judged(data)
      case "state":
        return listener.state(data.state)
      case "failed":
        return listener.failed(data.message)
    }
  }
  worker.onerror = ({ message }) => listener.failed(message ?? "The worker could not be loaded.")
  return {
    start: (choices) => send({ type: "start", run: ++run, choices }),
    pause: () => send({ type: "pause" }),
    resume: () => send({ type: "resume" }),
    peek: (step) => send({ type: "peek", ...(step === undefined ? {} : { step }) }),
    behind: (density) => send({ type: "behind", density }),
    judge: () => send({ type: "judge" }),
    end: () => worker.terminate()
  }
}

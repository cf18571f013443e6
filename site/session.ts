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

/** A worker that does not hear a start for so many milliseconds is in the middle of a long step, and is replaced. */
const deafness = 1000

export const sessionOf = (listener: Listener): Session => {
  let run = 0
  /** Whether the worker has ever been heard: until then it is being loaded. */
  let alive = false
  let shown: "target" | "flow" = "target"
  let waiting: ReturnType<typeof setTimeout> | undefined

  const hear = ({ data }: MessageEvent<Reply>): void => {
    alive = true
    if (data.run !== run) return
    switch (data.type) {
      case "started":
        return clearTimeout(waiting)
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
  const spawn = (): Worker => {
    const made = new Worker(new URL("./worker/worker.ts", import.meta.url), { type: "module" })
    made.onmessage = hear
    made.onerror = ({ message }) => {
      clearTimeout(waiting)
      listener.failed(message ?? "The worker could not be loaded.")
    }
    return made
  }
  let worker = spawn()
  const send = (request: Request): void => worker.postMessage(request)
  return {
    start: (choices) => {
      const request: Request = { type: "start", run: ++run, choices }
      send(request)
      clearTimeout(waiting)
      if (!alive) return
      waiting = setTimeout(() => {
        worker.terminate()
        worker = spawn()
        alive = false
        send(request)
        send({ type: "behind", density: shown })
      }, deafness)
    },
    pause: () => send({ type: "pause" }),
    resume: () => send({ type: "resume" }),
    peek: (step) => send({ type: "peek", ...(step === undefined ? {} : { step }) }),
    behind: (density) => {
      shown = density
      send({ type: "behind", density })
    },
    judge: () => send({ type: "judge" }),
    end: () => {
      clearTimeout(waiting)
      worker.terminate()
    }
  }
}

/** The explorer: choices, a run, and its views. */
import type { Choices } from "./catalogue/choices.ts"
import { readHash, writeHash } from "./catalogue/choices.ts"
import { targetOf } from "./catalogue/menu.ts"
import type { Frame, Ready } from "./protocol.ts"
import { sessionOf } from "./session.ts"
import { controlsOf } from "./view/controls.ts"
import { filmOf } from "./view/film.ts"
import { historyOf } from "./view/history.ts"
import { objectiveOf } from "./view/objective.ts"
import { boxesOf, huesOf, type Plotted } from "./view/plotted.ts"
import { posteriorOf } from "./view/posterior.ts"
import { sceneOf } from "./view/scene.ts"
import { snippetOf } from "./view/snippet.ts"
import { clearVerdict, showFailure, showVerdict } from "./view/verdict.ts"

const at = <E extends Element = HTMLElement>(name: string): E => document.querySelector<E>(`[data-${name}]`)!

/** Choices that follow each other within so many milliseconds start one run. */
const patience = 160
/** How long it takes to push the draws through all the layers. */
const journey = 3200

/** What a link says: nothing where it leads to a part of the page. */
const linked = (): string => (document.getElementById(location.hash.slice(1)) === null ? location.hash : "")

const count = (n: number): string => Math.round(n).toLocaleString("en")

export const startExplorer = (section: HTMLElement): void => {
  const read = readHash(linked())
  let choices = read.choices
  let plotted: Plotted | undefined
  let ready: Ready | undefined
  let history = historyOf()
  let state: "preparing" | "training" | "paused" | "done" | "failed" = "preparing"
  /** The place between base and data, from 0 to 1. */
  let place = 1
  let looked: number | undefined

  const scene = sceneOf(at<HTMLCanvasElement>("scene"))
  const verdict = at("verdict")
  const posterior = posteriorOf(at("posterior"), at("corner"), at("table"))
  const scrub = at<HTMLInputElement>("scrub")
  const toggle = at<HTMLButtonElement>("toggle")
  const [figures, where, notice] = [at("figures"), at("where"), at("notice")]

  const goal = (): string => (targetOf(choices.target).kind === "plane" ? "target" : "posterior")
  const stageAt = (): number => place * ((ready?.stages.length ?? 2) - 1)

  const whereText = (): string => {
    if (ready === undefined || plotted === undefined) return "compiling…"
    const stage = stageAt()
    const named =
      stage === 0 ? "base" : stage >= ready.stages.length - 1 ? goal() : `after ${stage.toFixed(1)} of ${ready.stages.length - 1} layers`
    return looked === undefined ? named : `${named}, looking back at step ${count(plotted.frame.step)}`
  }

  const move = (to: number): void => {
    place = Math.min(1, Math.max(0, to))
    scrub.value = String(place)
    scrub.style.setProperty("--filled", `${100 * place}%`)
    scene.move(stageAt())
    film.move(stageAt())
    where.textContent = whereText()
  }
  const film = filmOf(at("film"), (stage) => {
    halt()
    move(stage / ((ready?.stages.length ?? 2) - 1))
  })

  let animation = 0
  /** Whether the visitor has gone through the layers, or been taken. */
  let travelled = false
  const halt = (): void => {
    travelled = true
    cancelAnimationFrame(animation)
  }
  const still = matchMedia("(prefers-reduced-motion: reduce)")
  const push = (): void => {
    halt()
    if (still.matches) return move(place < 1 ? 1 : 0)
    const began = performance.now()
    const next = (now: number): void => {
      const share = Math.min(1, (now - began) / journey)
      move(share)
      if (share < 1) animation = requestAnimationFrame(next)
    }
    animation = requestAnimationFrame(next)
  }

  const objective = objectiveOf(at<HTMLCanvasElement>("objective"), (step) => {
    looked = step !== undefined && plotted !== undefined && step < plotted.frame.reached ? step : undefined
    objective.mark(looked)
    session.peek(looked)
  })

  const showState = (next: typeof state): void => {
    state = next
    document.documentElement.dataset["run"] = next
    toggle.textContent = next === "paused" ? "Resume" : next === "done" ? "Done" : "Pause"
    toggle.disabled = next !== "training" && next !== "paused"
  }

  const showFigures = ({ reached, trained }: Frame): void => {
    const value = history.last()
    const speed = trained > 0 ? `, ${count((1000 * reached) / trained)} a second` : ""
    figures.textContent = `Step ${count(reached)} of ${count(choices.steps)}${speed}.${value === undefined ? "" : ` ${value.toFixed(3).replace("-", "−")} nats.`} ${count(ready!.parameters)} parameters.`
  }

  const session = sessionOf({
    ready: (made) => {
      ready = made
      plotted = undefined
      where.textContent = whereText()
    },
    frame: (frame) => {
      if (ready === undefined) return
      const target = targetOf(choices.target)
      history.add(frame.infos)
      plotted = {
        target,
        ready,
        frame,
        hues: plotted?.hues ?? huesOf(ready, frame),
        boxes: boxesOf(target, ready, frame, plotted?.boxes)
      }
      scene.show(plotted)
      film.show(plotted)
      move(place)
      objective.show({ history, steps: choices.steps, limit: ready.limit })
      showFigures(frame)
    },
    state: showState,
    judged: (judged) => {
      showVerdict(verdict, judged, { limit: choices.way === "draws" ? ready?.limit : undefined })
      const target = targetOf(choices.target)
      if (target.kind === "model") void posterior.show(judged, target)
      if (state === "done" && !travelled && !still.matches) push()
    },
    failed: (message) => {
      showState("failed")
      showFailure(verdict, message)
    }
  })

  const start = (): void => {
    ready = undefined
    history = historyOf()
    looked = undefined
    objective.mark(undefined)
    clearVerdict(verdict)
    posterior.hide()
    showState("preparing")
    where.textContent = "compiling…"
    at("goal").textContent = goal()
    at<HTMLFieldSetElement>("behind").hidden = targetOf(choices.target).kind === "model"
    at("objective-name").textContent = choices.way === "draws" ? "mean log density, nats" : "ELBO, nats"
    at("snippet").textContent = snippetOf(choices)
    session.start(choices)
  }

  let waiting: ReturnType<typeof setTimeout> | undefined
  const choose = (next: Choices): void => {
    choices = next
    setAddress(writeHash(choices))
    notice.hidden = true
    clearTimeout(waiting)
    waiting = setTimeout(start, patience)
  }
  const controls = controlsOf(at<HTMLFormElement>("controls"), at("targets"), choose, choices)

  const complain = (complaints: ReadonlyArray<string>): void => {
    notice.hidden = complaints.length === 0
    notice.textContent =
      complaints.length === 0
        ? ""
        : `The link could not be read in full. ${complaints.slice(0, 3).join(" ")}${complaints.length > 3 ? ` And ${complaints.length - 3} more.` : ""}`
  }
  complain(read.complaints)

  const turn = (): void => {
    if (state === "training") session.pause()
    else if (state === "paused") session.resume()
  }
  toggle.addEventListener("click", turn)
  at("restart").addEventListener("click", start)
  at("push").addEventListener("click", push)
  at("judge").addEventListener("click", () => session.judge())
  for (const input of at("behind").querySelectorAll("input"))
    input.addEventListener("change", () => session.behind(input.value === "flow" ? "flow" : "target"))
  scrub.addEventListener("input", () => {
    halt()
    move(Number(scrub.value))
  })
  const share = at<HTMLButtonElement>("share")
  share.addEventListener("click", () => {
    setAddress(writeHash(choices))
    const say = (text: string): void => {
      share.textContent = text
      setTimeout(() => (share.textContent = "Copy link"), 1800)
    }
    // Only secure pages have a clipboard.
    const copied = (navigator.clipboard as Clipboard | undefined)?.writeText(location.href) ?? Promise.reject(new Error("no clipboard"))
    copied.then(
      () => say("Copied"),
      () => say("It is in the address bar")
    )
  })
  document.addEventListener("keydown", (event) => {
    const busy = event.target instanceof HTMLElement && event.target.closest("input, button, a, summary, [role=slider]") !== null
    if (busy || event.ctrlKey || event.metaKey || event.altKey) return
    const act = { " ": turn, r: start, p: push }[event.key.toLowerCase()]
    if (act === undefined) return
    event.preventDefault()
    act()
  })
  window.addEventListener("hashchange", () => {
    if (linked() === "") return
    const next = readHash(linked())
    choices = next.choices
    complain(next.complaints)
    controls.show(choices)
    start()
  })
  move(1)
  const visible = new IntersectionObserver(
    ([entry]) => {
      if (!entry!.isIntersecting) return
      visible.disconnect()
      if (state === "preparing") start()
    },
    { rootMargin: "0px 0px -200px" }
  )
  visible.observe(section)
}

const setAddress = (hash: string): void => window.history.replaceState(null, "", hash)

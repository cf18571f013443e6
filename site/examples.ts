/** Examples that run where they stand, each time in a worker of their own. */
import type { ExampleReply } from "./worker/example.ts"

const failed = (text: string): HTMLElement => {
  const line = document.createElement("span")
  line.className = "error"
  line.textContent = `${text}\n`
  return line
}

const runIn = (id: string, output: HTMLElement, done: (note: string) => void): (() => void) => {
  const worker = new Worker(new URL("./worker/example.ts", import.meta.url), { type: "module" })
  const began = performance.now()
  const end = (note: string): void => {
    worker.terminate()
    done(note)
  }
  worker.onmessage = ({ data }: MessageEvent<ExampleReply>) => {
    if ("line" in data) return output.append(data.error === true ? failed(data.line) : `${data.line}\n`)
    if (data.failure !== undefined) output.append(failed(data.failure))
    end(data.failure === undefined ? `ran in ${((performance.now() - began) / 1000).toFixed(1)} s` : "failed")
  }
  worker.onerror = ({ message }) => {
    output.append(failed(message ?? "The worker could not be loaded."))
    end("failed")
  }
  worker.postMessage(id)
  return () => end("stopped")
}

const equip = (figure: HTMLElement): void => {
  const row = document.createElement("div")
  row.className = "run"
  const button = row.appendChild(document.createElement("button"))
  button.type = "button"
  button.textContent = "Run"
  const note = row.appendChild(document.createElement("span"))
  note.setAttribute("role", "status")
  const output = document.createElement("output")
  figure.append(row, output)
  let stop: (() => void) | undefined
  button.addEventListener("click", () => {
    if (stop !== undefined) return stop()
    output.replaceChildren()
    button.textContent = "Stop"
    note.textContent = "running…"
    stop = runIn(figure.dataset["example"]!, output, (text) => {
      stop = undefined
      button.textContent = "Run again"
      note.textContent = output.childNodes.length === 0 && text.startsWith("ran") ? `${text}, and prints nothing` : text
    })
  })
}

export const startExamples = (): void => {
  for (const figure of document.querySelectorAll<HTMLElement>("[data-example]")) equip(figure)
}

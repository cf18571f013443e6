/** Runs one example, and says what it prints. */
import "@tensorflow/tfjs-backend-cpu"
import { examples } from "virtual:examples"
import { shown } from "./shown.ts"

export type ExampleReply = { readonly line: string; readonly error?: boolean } | { readonly done: true; readonly failure?: string }

const say = (reply: ExampleReply): void => postMessage(reply)

for (const [method, error] of [
  ["log", false],
  ["info", false],
  ["debug", false],
  ["warn", true],
  ["error", true]
] as const) {
  console[method] = (...values: ReadonlyArray<unknown>) =>
    say({ line: values.map((v) => (typeof v === "string" ? v : shown(v))).join(" "), error })
}

onmessage = async ({ data }: MessageEvent<string>) => {
  try {
    const example = examples[data]
    if (example === undefined) throw new Error(`There is no example ${data}.`)
    await example()
    say({ done: true })
  } catch (error) {
    say({ done: true, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) })
  }
}

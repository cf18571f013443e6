/** The fit in Chromium, without a window. */
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { WasmOptions } from "pushforward"
import { chromium, type Page } from "playwright-core"
import { build, defaultClientConditions } from "vite"
import type { Fitted } from "./fit.ts"
import type { Answer } from "./worker.ts"

export const executablePath = "/usr/bin/chromium"

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
]

export class BrowserError extends Data.TaggedError("BrowserError")<{ readonly message: string }> {}

const attempt = <A>(what: string, run: () => Promise<A>): Effect.Effect<A, BrowserError> =>
  Effect.tryPromise({ try: run, catch: (cause) => new BrowserError({ message: `${what}: ${String(cause)}` }) })

/** The worker's program with all that it imports, as one script. */
const bundle = attempt("Vite could not bundle the worker", async () => {
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("../..", import.meta.url)),
    logLevel: "error",
    resolve: { conditions: ["@pushforward/source", ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL("worker.ts", import.meta.url)), formats: ["iife"], name: "bundle" }
    }
  })
  const outputs = [built].flat().flatMap((b) => ("output" in b ? b.output : []))
  return outputs.flatMap((o) => (o.type === "chunk" ? [o.code] : [])).join("\n")
})

const launched = Effect.acquireRelease(
  attempt("Chromium did not start", () => chromium.launch({ executablePath, args, headless: true, timeout: 120_000 })),
  (browser) => Effect.promise(() => browser.close())
)

/** A page that may share memory, answered from here. */
const address = "https://pushforward.test/"
const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }

const asked = (tab: Page, options: WasmOptions | undefined): Promise<Answer> =>
  tab.evaluate(
    (message) =>
      new Promise<Answer>((resolve) => {
        const worker = new Worker("worker.js")
        worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
          worker.terminate()
          resolve(data)
        })
        worker.addEventListener("error", ({ message: error }) => resolve({ error }))
        worker.postMessage(message)
      }),
    options
  )

/** Chromium's answers. It is closed with the scope. */
export const opened = Effect.gen(function* () {
  const script = yield* bundle
  const browser = yield* launched
  const tab = yield* attempt("The page did not open", async () => {
    const page = await browser.newPage()
    await page.route(`${address}**`, (route) =>
      route.fulfill(
        route.request().url() === address
          ? { headers: isolated, contentType: "text/html", body: "<!doctype html>" }
          : { headers: isolated, contentType: "text/javascript", body: script }
      )
    )
    await page.goto(address)
    return page
  })
  const ask = (what: string, options?: WasmOptions): Effect.Effect<Answer, BrowserError> =>
    Effect.flatMap(
      attempt(what, () => asked(tab, options)),
      (answer) => ("error" in answer ? Effect.fail(new BrowserError({ message: `${what}: ${answer.error}` })) : Effect.succeed(answer))
    )
  return {
    version: browser.version(),
    fused: yield* Effect.map(ask("The probe failed in the page"), (answer) => "fused" in answer && answer.fused),
    fitted: (options: WasmOptions) =>
      Effect.map(ask("The fit failed in the page", options), (answer) => (answer as { readonly fit: Fitted }).fit)
  }
})

/** The fit in Chromium, without a window. */
import { fileURLToPath } from "node:url"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { WasmOptions } from "pushforward"
import { chromium } from "playwright-core"
import { build, defaultClientConditions } from "vite"
import type { Page } from "./page.ts"

declare const page: Page

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

/** The page's program with all that it imports, as one script. */
const bundle = attempt("Vite could not bundle the page", async () => {
  const built = await build({
    configFile: false,
    root: fileURLToPath(new URL("../..", import.meta.url)),
    logLevel: "error",
    resolve: { conditions: ["@pushforward/source", ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL("page.ts", import.meta.url)), formats: ["iife"], name: "bundle" }
    }
  })
  const outputs = [built].flat().flatMap((b) => ("output" in b ? b.output : []))
  return outputs.flatMap((o) => (o.type === "chunk" ? [o.code] : [])).join("\n")
})

const launched = Effect.acquireRelease(
  attempt("Chromium did not start", () => chromium.launch({ executablePath, args, headless: true, timeout: 120_000 })),
  (browser) => Effect.promise(() => browser.close())
)

/** The page as seen from here. Chromium is closed with the scope. */
export const opened = Effect.gen(function* () {
  const script = yield* bundle
  const browser = yield* launched
  const tab = yield* attempt("The page did not open", async () => {
    const blank = await browser.newPage()
    await blank.addScriptTag({ content: script })
    return blank
  })
  return {
    version: browser.version(),
    fused: yield* attempt("The probe failed in the page", () => tab.evaluate(() => page.fused())),
    fitted: (options: WasmOptions) => attempt("The fit failed in the page", () => tab.evaluate((o) => page.fitted(o), options))
  }
})

/** A tab of headless Chromium that remembers what went wrong in it. */
import { type Browser, chromium, type Page } from "playwright-core"
import { executablePath } from "../../../bench/browser/chromium.ts"

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args, headless: true, timeout: 120_000 })

export interface Tab {
  readonly page: Page
  /** Errors and warnings of the console, and what was thrown. */
  readonly troubles: ReadonlyArray<string>
  /** All that was asked of any server. */
  readonly requests: ReadonlyArray<string>
}

export const open = async (browser: Browser, url: string): Promise<Tab> => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 }, reducedMotion: "reduce" })
  page.setDefaultTimeout(200_000)
  const troubles: Array<string> = []
  const requests: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text())
  })
  page.on("pageerror", ({ message }) => troubles.push(message))
  page.on("request", (request) => requests.push(request.url()))
  await page.goto(url)
  return { page, troubles, requests }
}

/** Brings the explorer into view, where it starts. */
export const explore = async (page: Page): Promise<void> => {
  await page.evaluate(() => document.querySelector("#explore")!.scrollIntoView({ behavior: "instant" }))
}

export const until = async (page: Page, state: "training" | "paused" | "done"): Promise<void> => {
  await page.waitForFunction((wanted) => document.documentElement.dataset["run"] === wanted, state)
}

/** Steps taken so far, as the page says. */
export const steps = (page: Page): Promise<number> =>
  page.evaluate(() => Number(/Step ([\d,]+)/.exec(document.querySelector("[data-figures]")!.textContent)?.[1]?.replaceAll(",", "") ?? NaN))

/** The bits of the state that was judged. */
export const bits = async (page: Page): Promise<string> => (await page.locator("[data-verdict] code").first().textContent()) ?? ""

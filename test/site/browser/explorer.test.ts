import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import * as Effect from "effect/Effect"
import { wasm } from "pushforward"
import { readHash } from "../../../site/catalogue/choices.ts"
import { fingerprintOf } from "../../../site/worker/fingerprint.ts"
import { preparedFor } from "../../../site/worker/prepared.ts"
import { bits, explore, launch, open, steps, until } from "./tab.ts"

const site = inject("site")

const small = "#target=banana&way=density&flow=real-nvp&depth=2&width=8&draws=16&rate=0.005&steps=1000&seed=7"
const long = small.replace("steps=1000", "steps=20000")

/** The same training in Node, to the end. */
const trainedHere = (hash: string): Promise<string> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const { algorithm, steps } = yield* preparedFor(readHash(hash).choices, wasm({ precision: "float64", fused: false }))
        const [state] = yield* algorithm.advance(algorithm.init, steps)
        return fingerprintOf(state.parameters)
      })
    )
  )

describe.skipIf(site === "")("the explorer", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  test("fits eight schools on opening, asks nothing of other servers and has no errors", async () => {
    const { page, troubles, requests } = await open(browser, site)
    const verdict = page.locator("[data-hero-verdict] .kind")
    await verdict.waitFor()
    expect(await page.locator("[data-hero-figures]").textContent()).toMatch(/^Step 2,000 of 2,000 in [\d.]+ s\. ELBO −31\.[34]\d nats\.$/)
    expect(await verdict.textContent()).toBe("Trust it")
    expect(troubles).toEqual([])
    expect(requests.filter((url) => !url.startsWith(site) && !url.startsWith("blob:"))).toEqual([])
    await page.close()
  })

  test("trains to the bits that Node comes to, with or without a pause", async () => {
    const hash = small.replace("steps=1000", "steps=5000")
    expect(readHash(hash)).toMatchObject({ choices: { steps: 5000 }, complaints: [] })
    const { page, troubles } = await open(browser, site + hash)
    await explore(page)
    await until(page, "done")
    const straight = await bits(page)
    expect(straight).toBe(await trainedHere(hash))

    // In the page itself, where the training cannot be over before the pause is asked for.
    await page.evaluate(async () => {
      document.querySelector<HTMLElement>("[data-restart]")!.click()
      while (document.documentElement.dataset["run"] !== "training") await new Promise(requestAnimationFrame)
      document.querySelector<HTMLElement>("[data-toggle]")!.click()
    })
    await until(page, "paused")
    const before = await steps(page)
    await page.waitForTimeout(600)
    const held = await steps(page)
    await page.waitForTimeout(600)
    expect(await steps(page)).toBe(held)
    expect(held).toBeGreaterThanOrEqual(before)
    expect(held).toBeLessThan(5000)
    await page.click("[data-toggle]")
    await until(page, "done")
    expect(await steps(page)).toBe(5000)
    expect(await bits(page)).toBe(straight)
    expect(troubles).toEqual([])
    await page.close()
  })

  test("progresses, pauses by a key, judges any state and looks back", async () => {
    const { page } = await open(browser, site + long)
    await explore(page)
    await until(page, "training")
    const first = await steps(page)
    await page.waitForFunction(
      (from) => Number(/Step ([\d,]+)/.exec(document.querySelector("[data-figures]")!.textContent)![1]!.replaceAll(",", "")) > from + 50,
      first
    )
    await page.keyboard.press("Space")
    await until(page, "paused")
    await page.click("[data-judge]")
    const now = await bits(page)
    await page.locator("[data-objective]").focus()
    await page.keyboard.press("Home")
    await page.waitForFunction(() => document.querySelector("[data-where]")!.textContent.endsWith("looking back at step 0"))
    await page.click("[data-judge]")
    await page.waitForFunction((other) => document.querySelector("[data-verdict] code")?.textContent !== other, now)
    expect(await page.locator("[data-verdict] .bits").textContent()).toMatch(/^Step 0,/)
    await page.locator("[data-objective]").focus()
    await page.keyboard.press("Escape")
    await page.waitForFunction(() => document.querySelector("[data-where]")!.textContent === "target")
    await page.close()
  })

  test("writes every choice into the link, and a link restores them", async () => {
    const { page } = await open(browser, site + small)
    await explore(page)
    await page.locator("[data-controls] input[value=spline]").check({ force: true })
    await page.locator("input[name=width]").fill("0")
    await page.getByRole("button", { name: "Next" }).click()
    await page.waitForTimeout(400)
    await until(page, "done")
    const link = page.url()
    expect(link).toContain("flow=spline&depth=2&width=4&draws=16&rate=0.005&steps=1000&seed=8")
    const copy = await open(browser, link)
    await explore(copy.page)
    await until(copy.page, "done")
    expect(copy.page.url()).toBe(link)
    expect(await copy.page.locator("[data-controls] input[name=flow]:checked").inputValue()).toBe("spline")
    expect(await copy.page.locator("input[name=seed]").inputValue()).toBe("8")
    expect(await bits(copy.page)).toBe(await bits(page))
    expect(await copy.page.locator("[data-notice]").isVisible()).toBe(false)
    await page.close()
    await copy.page.close()
  })

  test("falls back with a message on a link that it cannot read", async () => {
    const garbage = "#target=%3Cscript%3Ealert(1)%3C/script%3E&seed=-1&steps=1e9&__proto__=x&%E0%A4%A"
    const { page, troubles } = await open(browser, site + garbage)
    await explore(page)
    await until(page, "training")
    const notice = await page.locator("[data-notice]").textContent()
    expect(notice).toContain("target cannot be “<script>alert(1)</script>”")
    expect(notice).toMatch(/And \d more\.$/)
    expect(await page.locator("[data-targets] input:checked").inputValue()).toBe("two-moons")
    expect(troubles).toEqual([])
    await page.close()
  })

  test("shows a model's posterior as a table and a corner plot", async () => {
    const { page, troubles } = await open(browser, `${site}#target=regression&flow=full-rank&draws=32&steps=250`)
    await explore(page)
    await page.locator("[data-corner] svg").waitFor()
    const rows = await page.locator("[data-table] tr").allTextContents()
    // Least squares: −17.579 and 3.932 (Ezekiel 1930, as in R's `lm(dist ~ speed, cars)`).
    expect(rows.find((row) => row.startsWith("beta[0]"))).toMatch(/^beta\[0\]−1[78]\./)
    expect(rows.find((row) => row.startsWith("beta[1]"))).toMatch(/^beta\[1\]3\.9/)
    expect(await page.locator("[data-corner] svg").textContent()).toContain("slope")
    expect(troubles).toEqual([])
    await page.close()
  })

  test("begins a hard target with a flow that follows it, and then goes back to the visitor's own", async () => {
    const { page } = await open(browser, site + small)
    const hash = (): Promise<string> => page.evaluate(() => location.hash)
    await page.locator("[data-targets] input[value=double-moon]").check({ force: true })
    expect(await hash()).toContain("#target=double-moon&way=density&flow=real-nvp&depth=8&width=8&draws=16&rate=0.001&steps=3000")
    await page.locator("[data-targets] input[value=banana]").check({ force: true })
    expect(await hash()).toBe(small)
    await page.close()
  })

  test("tells a mode that was missed", async () => {
    const { page } = await open(browser, `${site}#target=ring&way=density&flow=mean-field&draws=32&rate=0.005&steps=250&seed=1`)
    await explore(page)
    await until(page, "done")
    await page.locator("[data-verdict] .kind").waitFor()
    expect(await page.locator("[data-verdict] .kind").textContent()).toBe("Don’t trust it")
    // one of eight modes
    expect(await page.locator("[data-verdict] p").first().textContent()).toContain("missed 87% of the target")
    await page.close()
  })

  test("does not wait for a long step where something else is chosen", async () => {
    const slow = "#target=eight-schools&way=density&flow=maf&depth=16&width=128&draws=1024&rate=0.005&steps=250&seed=1"
    const { page, troubles } = await open(browser, site + slow)
    await explore(page)
    await until(page, "training")
    await page.locator("[data-controls] input[value=mean-field]").check({ force: true })
    const began = performance.now()
    await until(page, "done")
    expect(performance.now() - began).toBeLessThan(30_000)
    expect(await steps(page)).toBe(250)
    expect(troubles).toEqual([])
    await page.close()
  })

  test("shows the flow's own density", async () => {
    const { page, troubles } = await open(browser, site + small)
    await explore(page)
    await until(page, "done")
    const seen = async (): Promise<string> => (await page.locator("[data-scene]").screenshot()).toString("base64")
    await page.waitForTimeout(1000)
    const before = await seen()
    await page.locator("[data-behind] input[value=flow]").check({ force: true })
    await page.waitForTimeout(1500)
    expect((await seen()) === before).toBe(false)
    await page.locator("[data-behind] input[value=target]").check({ force: true })
    await page.waitForTimeout(1500)
    expect((await seen()) === before).toBe(true)
    expect(troubles).toEqual([])
    await page.close()
  })

  test("goes through the layers", async () => {
    const { page } = await open(browser, site + small)
    await explore(page)
    await until(page, "done")
    await page.locator("[data-film] button").first().click()
    expect(await page.locator("[data-where]").textContent()).toBe("base")
    await page.locator("[data-film] button").nth(1).click()
    expect(await page.locator("[data-where]").textContent()).toBe("after 1.0 of 3 layers")
    await page.locator("[data-scrub]").fill("1")
    expect(await page.locator("[data-where]").textContent()).toBe("target")
    expect(await page.locator("[data-film] button").allTextContents()).toEqual([
      "base: standard normal",
      "affine coupling 1",
      "affine coupling 2",
      "affine, in the target’s units"
    ])
    await page.close()
  })
})

import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest"
import { examples } from "../../../site/plugin/examples.ts"
import { launch, open } from "./tab.ts"

const site = inject("site")

interface Outcome {
  readonly id: string
  readonly note: string
  readonly output: string
}

describe.skipIf(site === "")("the examples", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launch()
  })
  afterAll(() => browser.close())

  /** Clicks on every example of a page, two at a time. */
  const outcomes = async (name: string): Promise<ReadonlyArray<Outcome>> => {
    const { page, troubles } = await open(browser, `${site}${name}`)
    const found = await page.evaluate(async () => {
      const figures = [...document.querySelectorAll<HTMLElement>("[data-example]")]
      const done: Array<{ id: string; note: string; output: string }> = []
      const run = async (): Promise<void> => {
        for (let figure = figures.shift(); figure !== undefined; figure = figures.shift()) {
          const [button, note, output] = ["button", ".run span", "output"].map((s) => figure!.querySelector<HTMLElement>(s)!)
          button!.click()
          while (button!.textContent !== "Run again") await new Promise((resolve) => setTimeout(resolve, 50))
          done.push({ id: figure.dataset["example"]!, note: note!.textContent, output: output!.textContent })
        }
      }
      await Promise.all([run(), run()])
      return done
    })
    expect(troubles).toEqual([])
    await page.close()
    return found
  }
  const failed = (all: ReadonlyArray<Outcome>): ReadonlyArray<Outcome> => all.filter(({ note }) => !note.startsWith("ran"))

  test("of the README run in the guide, and print", async () => {
    const all = await outcomes("guide.html")
    expect(all.length).toBe(examples.filter(({ file }) => file === "README.md").length)
    expect(failed(all)).toEqual([])
    expect(all.map(({ output }) => output)).toContainEqual(
      expect.stringMatching(/theta\[7\][^]*k̂ = [\d.]+[^]*\[ 1000 \] \[ 1000 \] \[ 1000, 8 \]/)
    )
  })

  test("of the docstrings run", { timeout: 900_000 }, async () => {
    const all = await outcomes("examples.html")
    expect(all.length).toBe(examples.filter(({ file }) => file !== "README.md").length)
    expect(failed(all)).toEqual([])
  })
})

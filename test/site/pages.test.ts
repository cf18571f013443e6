import { readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { highlight } from "../../site/plugin/highlight.ts"
import { slugOf } from "../../site/plugin/documents.ts"
import { examples } from "../../site/plugin/examples.ts"
import { fingerprintOf } from "../../site/worker/fingerprint.ts"
import { quantilesOf } from "../../site/worker/quantiles.ts"
import { shown } from "../../site/worker/shown.ts"
import { ticksOf } from "../../site/view/ticks.ts"
import { root } from "../support/scratch.ts"

const read = (file: string): string => readFileSync(join(root, file), "utf8")

test("the front page's links into the guide lead to sections of the README", () => {
  const anchors = [...read("README.md").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slugOf(heading!))
  const links = [...read("site/index.html").matchAll(/guide\.html#([\w-]+)/g)].map(([, anchor]) => anchor!)
  expect(links.length).toBeGreaterThan(5)
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([])
})

test("every part that a page asks for is there", async () => {
  const { documents } = await import("../../site/plugin/documents.ts")
  const { transformIndexHtml } = documents()
  const { handler } = transformIndexHtml as { readonly handler: (html: string) => string }
  for (const page of ["index.html", "guide.html", "examples.html"]) expect(handler(read(`site/${page}`)).match(/<!--.*/g)).toBeNull()
})

test("highlighting keeps the text", () => {
  for (const { code } of examples) {
    const text = highlight(code)
      .replace(/<\/?i[^>]*>/g, "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&")
    expect(text).toBe(code)
  }
})

test.each([
  [{ a: 1, "b c": [true, undefined, null] }, '{ a: 1, "b c": [ true, undefined, null ] }'],
  [Float64Array.of(1, 2.5), "Float64Array(2) [ 1, 2.5 ]"],
  [Float64Array.from({ length: 100 }, (_, i) => i), "Float64Array(100) [ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … 88 more ]"],
  [new Error("no"), "Error: no"],
  [-0, "-0"],
  [[], "[]"],
  [() => 1, "[function ]"]
])("%o is shown", (value, text) => expect(shown(value)).toBe(text))

test("what contains itself is shown to a depth", () => {
  const loop: { self?: unknown } = {}
  loop.self = loop
  expect(shown(loop)).toContain("{…}")
})

test("quantiles by column", () => {
  const table = Float64Array.from({ length: 202 }, (_, i) => (i % 2 === 0 ? 100 - i / 2 : 5))
  expect([...quantilesOf(table, 101, 2)]).toEqual([5, 25, 50, 75, 95, 5, 5, 5, 5, 5])
})

// http://www.isthe.com/chongo/tech/comp/fnv/: FNV-1a 32 of "foobar"
test("fingerprints are FNV-1a", () => expect(fingerprintOf(new TextEncoder().encode("foobar"))).toBe("bf9cf968"))

test("ticks are round and within the range", () => {
  expect(ticksOf([-16, 34], 6)).toEqual([-10, 0, 10, 20, 30])
  expect(ticksOf([0, 0], 5)).toEqual([])
  expect(ticksOf([NaN, 1], 5)).toEqual([])
})

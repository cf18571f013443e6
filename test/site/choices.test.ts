import fc from "fast-check"
import { expect, test } from "vitest"
import type { Choices } from "../../site/catalogue/choices.ts"
import { defaults, dials, mostSeed, readHash, writeHash } from "../../site/catalogue/choices.ts"
import { families, familyOf, targets, waysOf } from "../../site/catalogue/menu.ts"

const stop = (id: keyof typeof dials): fc.Arbitrary<number> => fc.constantFrom(...dials[id].stops)

const anyChoices: fc.Arbitrary<Choices> = fc
  .record({
    target: fc.constantFrom(...targets.map(({ id }) => id)),
    flow: fc.constantFrom(...families.map(({ id }) => id)),
    depth: stop("depth"),
    width: stop("width"),
    draws: stop("draws"),
    rate: stop("rate"),
    steps: stop("steps"),
    seed: fc.integer({ min: 0, max: mostSeed })
  })
  .chain(
    (some) =>
      fc.record({
        ...Object.fromEntries(Object.entries(some).map(([k, v]) => [k, fc.constant(v)])),
        way: fc.constantFrom(...waysOf(some.target))
      }) as fc.Arbitrary<Choices>
  )

test("a link gives back the choices that it was made of, but for a size that the flow has not", () =>
  fc.assert(
    fc.property(anyChoices, (choices) => {
      const { choices: read, complaints } = readHash(writeHash(choices))
      const family = familyOf(choices.flow)
      expect(complaints).toEqual([])
      expect(read).toEqual({
        ...choices,
        depth: family.depth === undefined ? defaults.depth : choices.depth,
        width: family.wide === true ? choices.width : defaults.width
      })
    }),
    { seed: 1, numRuns: 300 }
  ))

const isValid = ({ target, way, flow, seed, ...sizes }: Choices): boolean =>
  waysOf(target).includes(way) &&
  families.some(({ id }) => id === flow) &&
  Number.isInteger(seed) &&
  seed >= 0 &&
  seed <= mostSeed &&
  Object.entries(sizes).every(([id, value]) => dials[id as keyof typeof dials].stops.includes(value))

const part = fc.tuple(
  fc.oneof(fc.constantFrom(...Object.keys(defaults), "__proto__", "constructor", ""), fc.string()),
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("NaN", "-1", "1e3", "0x10", "Infinity", "16.0000", " 4", "4294967296", "%E0%A4%A")
  )
)

test("any hash gives choices that can be made, and says what it could not read", () =>
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const { choices, complaints } = readHash(`#${parts.map(([k, v]) => `${k}=${v}`).join("&")}`)
      expect(isValid(choices)).toBe(true)
      expect(Object.keys(choices).sort()).toEqual(Object.keys(defaults).sort())
      for (const complaint of complaints) expect(complaint.length).toBeLessThan(400)
    }),
    { seed: 2, numRuns: 500 }
  ))

test.each([
  ["#draws=100", /^draws cannot be “100” \(it can be 8, 16, .*\); it is 256\.$/],
  ["#seed=4294967296", /^seed cannot be “4294967296” \(it can be whole numbers up to 4294967295\)/],
  ["#target=letters&way=density", /^letters cannot be learned from density; it is learned from draws\.$/],
  ["#colour=red", /^“colour” is nothing that can be chosen\.$/]
])("%s is refused in words", (hash, words) => expect(readHash(hash).complaints).toEqual([expect.stringMatching(words)]))

test("no hash is no complaint", () => expect(readHash("")).toEqual({ choices: defaults, complaints: [] }))

test("a target that is learned from one thing only needs no word on it", () =>
  expect(readHash("#target=letters")).toMatchObject({ choices: { target: "letters", way: "draws" }, complaints: [] }))

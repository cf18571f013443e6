import { readdirSync, readFileSync } from "node:fs"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

test("no export of the root has the name of an effect module", () => {
  const modules = readdirSync(dirname(fileURLToPath(import.meta.resolve("effect/Effect")))).flatMap(
    (file) => /^([A-Z]\w*)\.[jt]s$/.exec(file)?.[1] ?? []
  )
  expect(modules).toContain("Schedule")
  const root = fileURLToPath(new URL("../../src/", import.meta.url))
  const namesOf = (file: string): ReadonlyArray<string> =>
    [...readFileSync(file, "utf8").matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list]) =>
      list!.split(",").map((name) =>
        name
          .trim()
          .replace(/^type /, "")
          .split(" as ")
          .at(-1)!
      )
    )
  const names = ["index.ts", "fit/index.ts", "learnable/index.ts", "model/index.ts"].flatMap((file) => namesOf(`${root}${file}`))
  expect(names).toContain("fit")
  expect(names.filter((name) => modules.includes(name))).toEqual([])
})

import { scratch, tsconfig } from "../support/scratch.ts"
import { typeErrors } from "../support/typeErrors.ts"

/**
 * The compiler's messages for each of a record of modules, all checked in one run. The modules import `pushforward` as a user's do.
 *
 * ```ts
 * const errors = errorsOf({ misspelt: `import { … } from "pushforward"; …` })
 * expect(errors.misspelt.join("\n")).toContain("'mv' does not exist")
 * ```
 */
export const errorsOf = <const K extends string>(snippets: Readonly<Record<K, string>>): Readonly<Record<K, ReadonlyArray<string>>> => {
  using project = scratch()
  const names = Object.keys(snippets) as Array<K>
  project.write({ "tsconfig.json": tsconfig({ noUnusedLocals: false, noUnusedParameters: false }) })
  names.forEach((name, i) => project.write({ [`${i}.ts`]: `${snippets[name]}\nexport {}\n` }))
  const errors = typeErrors(project.path)
  const messages = names.map((name, i) => [name, errors.filter(({ file }) => file === `${i}.ts`).map(({ message }) => message)])
  return Object.fromEntries(messages) as Record<K, ReadonlyArray<string>>
}

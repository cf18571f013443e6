/** Examples as modules: `virtual:examples` maps the place of each to a function that imports it. */
import { join } from "node:path"
import type { Plugin } from "vite"
import { root } from "../../test/support/scratch.ts"
import { examples } from "./examples.ts"

const list = "virtual:examples"

/** It stands beside its file, so that what it imports is found as it would be from there. */
const moduleOf = (id: string): string => `${join(root, id.replace(":", "."))}.example.ts`

export const runnable = (): Plugin => ({
  name: "runnable-examples",
  enforce: "pre",
  resolveId: (source) => {
    if (source === list) return `\0${list}`
    return source.startsWith("virtual:example/") ? moduleOf(source.slice("virtual:example/".length)) : undefined
  },
  load: (module) => {
    if (module === `\0${list}`) {
      const entries = examples.map(({ id }) => `  ${JSON.stringify(id)}: () => import(${JSON.stringify(`virtual:example/${id}`)})`)
      return `export const examples = {\n${entries.join(",\n")}\n}\n`
    }
    const example = module.endsWith(".example.ts") ? examples.find(({ id }) => moduleOf(id) === module) : undefined
    return example && `${example.code}\nexport {}\n`
  }
})

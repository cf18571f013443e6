/** The README and the examples as parts of the pages, in the places that comments such as `<!-- readme -->` mark. */
import { readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { Marked } from "marked"
import type { Plugin } from "vite"
import { root } from "../../test/support/scratch.ts"
import { examples, type Runnable } from "./examples.ts"
import { escape, highlight } from "./highlight.ts"

const readme = (): string => readFileSync(join(root, "README.md"), "utf8")

/** As GitHub makes the anchors of headings. */
export const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replace(/\s+/g, "-")

const figure = ({ id, code }: Runnable): string =>
  `<figure class="example" data-example="${escape(id)}"><pre><code>${highlight(code)}</code></pre></figure>`

const plain = (code: string, language: string): string =>
  `<pre class="plain"><code>${language === "ts" ? highlight(code) : escape(code)}</code></pre>`

const rendered = (markdown: string): string => {
  const marked = new Marked({
    renderer: {
      code: ({ text, lang = "" }) => {
        const example = examples.find(({ file, code }) => file === "README.md" && code === text.trimEnd())
        return example === undefined ? plain(text, lang) : figure(example)
      },
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${slugOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      image: ({ href, text }) => `<img src="../${escape(href)}" alt="${escape(text)}">`,
      table(token) {
        const cell = (tag: string, one: (typeof token.header)[number]): string =>
          `<${tag}${one.align ? ` class="${one.align}"` : ""}>${this.parser.parseInline(one.tokens)}</${tag}>`
        const row = (tag: string, cells: typeof token.header): string => `<tr>${cells.map((one) => cell(tag, one)).join("")}</tr>`
        return `<div class="table"><table><thead>${row("th", token.header)}</thead><tbody>${token.rows.map((cells) => row("td", cells)).join("")}</tbody></table></div>`
      }
    }
  })
  return marked.parse(markdown, { async: false })
}

const sections = (): ReadonlyArray<string> => [...readme().matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!)

const contents = (): string =>
  sections()
    .map((heading) => `<li><a href="#${slugOf(heading)}">${escape(heading)}</a></li>`)
    .join("\n")

/** The entry points by the folders in which their parts are. */
const entries: ReadonlyArray<readonly [RegExp, string]> = [
  [/^guides\//, "pushforward/guides"],
  [/^src\/bijector\//, "pushforward/bijectors"],
  [/^src\/constraint\//, "pushforward/constraints"],
  [/^src\/distribution\//, "pushforward/distributions"],
  [/^src\/learnable\//, "pushforward/learnables"],
  [/^src\/math\//, "pushforward/math"],
  [/^src\/plot\//, "pushforward/plot"],
  [/^src\/testing\//, "pushforward/testing"],
  [/^src\//, "pushforward"]
]

const entryOf = (file: string): string | undefined => entries.find(([folder]) => folder.test(file))?.[1]

/** What the docstring of an example describes: the export that follows it. */
const titleOf = ({ file, id }: Runnable): string => {
  const lines = readFileSync(join(root, file), "utf8").split("\n")
  const rest = lines.slice(Number(id.slice(file.length + 1))).join("\n")
  const found = /^\s*\*\/\s*\n\s*export (?:declare )?(?:const|function|class|interface|type) (\w+)/m.exec(rest)
  return found?.[1] ?? basename(file, ".ts")
}

const byEntry = (): ReadonlyArray<readonly [string, ReadonlyArray<Runnable>]> => {
  const found = examples.filter(({ file }) => file !== "README.md")
  const order = ["pushforward", ...new Set(entries.map(([, entry]) => entry))]
  return [...Map.groupBy(found, ({ file }) => entryOf(file) ?? "pushforward")].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
}

const reference = (): string =>
  byEntry()
    .map(([entry, all]) => {
      const items = [...all]
        .map((example) => ({ example, title: titleOf(example) }))
        .sort((a, b) => a.title.localeCompare(b.title, "en"))
        .map(
          ({ example, title }) =>
            `<details class="entry"><summary><code>${escape(title)}</code><span>${escape(example.file)}</span></summary>${figure(example)}</details>`
        )
      return `<section><h2 id="${slugOf(entry)}"><code>${entry}</code> <small>${all.length} examples</small></h2>\n${items.join("\n")}</section>`
    })
    .join("\n")

const entryLinks = (): string =>
  byEntry()
    .map(([entry]) => `<li><a href="#${slugOf(entry)}"><code>${entry}</code></a></li>`)
    .join("\n")

/** The README's first program: eight schools. */
const firstProgram = (): string => figure(examples.find(({ file, code }) => file === "README.md" && code.includes("eightSchools"))!)

const parts: Readonly<Record<string, () => string>> = {
  readme: () =>
    rendered(
      readme()
        .replace(/^# .*\n/, "")
        .replace(/<!--.*?-->\n/g, "")
    ),
  contents,
  reference,
  entries: entryLinks,
  "first-program": firstProgram,
  "example-count": () => String(examples.length)
}

export const documents = (): Plugin => ({
  name: "documents",
  transformIndexHtml: {
    order: "pre",
    handler: (html) => html.replace(/<!-- ([\w-]+) -->/g, (mark, name: string) => parts[name]?.() ?? mark)
  }
})

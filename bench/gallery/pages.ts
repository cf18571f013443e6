/** The gallery's pages: Markdown for each entry, with its pictures, and all of them as one page of HTML. */
import { existsSync } from "node:fs"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { marked } from "marked"
import { animation, png } from "pushforward/node"
import { svg } from "pushforward/plot"
import sharp from "sharp"
import type { Entry, Film, Picture, Shown } from "../../models/gallery/entry.ts"
import { bySeed, type Row, tabulateInMarkdown } from "./figures.ts"

const docs = new URL("../../docs/gallery/", import.meta.url)
const output = new URL("../../output/gallery/", import.meta.url)

const write = (file: URL, contents: string | Uint8Array): Effect.Effect<void> => Effect.promise(() => writeFile(file, contents))

/** Few colours are enough for a picture of this kind, and a quarter of the bytes. */
const fewColours = (pixels: Uint8Array): Effect.Effect<Uint8Array> =>
  Effect.promise(() => sharp(pixels).png({ palette: true, quality: 98, effort: 8, dither: 0 }).toBuffer())

const drawPicture = (folder: string, { name, specification }: Picture) =>
  Effect.gen(function* () {
    yield* write(new URL(`${folder}/${name}.svg`, output), yield* svg(specification))
    yield* write(new URL(`${folder}/${name}.png`, docs), yield* fewColours(yield* png(specification)))
  })

/** The last frame stands a while. */
const drawFilm = (folder: string, { name, frames }: Film) =>
  Effect.gen(function* () {
    const drawn = yield* Effect.forEach(frames, svg)
    const delay = drawn.map((_, i) => (i === drawn.length - 1 ? 2000 : 100))
    yield* write(new URL(`${folder}/${name}.webp`, docs), yield* animation(drawn, { delay, scale: 1 }))
  })

const page = (entry: Entry, { pictures, films = [], notes = [] }: Shown, rows: ReadonlyArray<Row>): string =>
  [
    `# ${entry.title}`,
    entry.about,
    ...(rows.length === 0 ? [] : [tabulateInMarkdown(rows)]),
    ...new Set(rows.flatMap(({ unit }) => (unit === undefined ? [] : [`In this table: ${unit}.`]))),
    ...bySeed(rows),
    ...notes,
    ...pictures.map(({ name, caption }) => `![${caption}](${entry.name}/${name}.png)\n\n_${caption}_`),
    ...films.map(({ name, caption }) => `![${caption}](${entry.name}/${name}.webp)\n\n_${caption}_`),
    `Made by \`npm run gallery -- ${entry.name}\`.`
  ].join("\n\n") + "\n"

/** Draws what an entry shows, and writes its page. */
export const writePage = (entry: Entry, shown: Shown, rows: ReadonlyArray<Row>) =>
  Effect.gen(function* () {
    yield* Effect.promise(() => rm(new URL(entry.name, docs), { recursive: true, force: true }))
    yield* Effect.forEach([docs, output], (folder) => Effect.promise(() => mkdir(new URL(entry.name, folder), { recursive: true })))
    yield* Effect.forEach(shown.pictures, (picture) => drawPicture(entry.name, picture))
    yield* Effect.forEach(shown.films ?? [], (film) => drawFilm(entry.name, film))
    yield* write(new URL(`${entry.name}.md`, docs), page(entry, shown, rows))
  })

const style = `
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem; font: 1rem/1.55 Helvetica, Arial, sans-serif; color: #1b2733; }
  h1 { margin: 4rem 0 0.5rem; font-size: 1.5rem; }
  nav { columns: 2; } nav a { display: block; color: #2f6c9f; }
  img { max-width: 100%; height: auto; } em { color: #66727e; }
  table { border-collapse: collapse; font-size: 0.85rem; display: block; overflow-x: auto; }
  th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid #e3e7eb; text-align: right; white-space: nowrap; }
  th:first-child, td:first-child { text-align: left; }`

/** One page of all entries that have one, and a list of their own pages; gives the path of the first. */
export const writeGallery = (entries: ReadonlyArray<Entry>): Effect.Effect<string> =>
  Effect.gen(function* () {
    const made = entries.filter(({ name }) => existsSync(new URL(`${name}.md`, docs)))
    const sections = yield* Effect.forEach(made, ({ name }) =>
      Effect.map(
        Effect.promise(() => readFile(new URL(`${name}.md`, docs), "utf8")),
        (text) => `<section id="${name}">${marked.parse(text, { async: false })}</section>`
      )
    )
    const list = made.map(({ name, title, about }) => `- [${title}](${name}.md). ${about}`)
    yield* write(new URL("README.md", docs), `# The gallery\n\nEach is made by \`npm run gallery -- its name\`.\n\n${list.join("\n")}\n`)
    const links = made.map(({ name, title }) => `<a href="#${name}">${title}</a>`)
    const file = new URL("index.html", docs)
    yield* write(
      file,
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>pushforward: the gallery</title><style>${style}\n</style><nav>${links.join("")}</nav>${sections.join("\n")}</html>\n`
    )
    return fileURLToPath(file)
  })

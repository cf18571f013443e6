/** The page's colours, for canvases; light or dark as the visitor's system, or as chosen. */

const names = ["paper", "card", "ink", "quiet", "faint", "line", "accent", "shade", "warm"] as const

export interface Theme {
  readonly colours: Readonly<Record<(typeof names)[number], string>>
  readonly dark: boolean
}

const system = matchMedia("(prefers-color-scheme: dark)")
const stored = "pushforward-theme"
const listeners = new Set<() => void>()

let current: Theme | undefined

const isDark = (): boolean => {
  const { theme } = document.documentElement.dataset
  return theme === undefined ? system.matches : theme === "dark"
}

/** Colours as they come out: a canvas knows no variables. */
const read = (): Theme => {
  const probe = document.body.appendChild(document.createElement("i"))
  const colours = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--${name})`
      return [name, getComputedStyle(probe).color]
    })
  ) as Theme["colours"]
  probe.remove()
  return { colours, dark: isDark() }
}

export const theme = (): Theme => (current ??= read())

export const onTheme = (listener: () => void): void => void listeners.add(listener)

const change = (): void => {
  current = undefined
  for (const listener of listeners) listener()
}

/** A browser may refuse to store anything. */
const attempt = <A>(run: () => A): A | undefined => {
  try {
    return run()
  } catch {
    return undefined
  }
}

export const startTheme = (): void => {
  const { dataset } = document.documentElement
  const before = attempt(() => localStorage.getItem(stored))
  if (before === "light" || before === "dark") dataset["theme"] = before
  system.addEventListener("change", change)
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-toggle]"))
    button.addEventListener("click", () => {
      const next = isDark() ? "light" : "dark"
      dataset["theme"] = next
      attempt(() => localStorage.setItem(stored, next))
      change()
    })
}

/** Values as a console shows them. */

const most = 12
const wide = 92
const deepest = 4

const isTyped = (value: object): value is Float64Array => ArrayBuffer.isView(value) && !(value instanceof DataView)

const list = (open: string, parts: ReadonlyArray<string>, close: string): string => {
  if (parts.length === 0) return open + close
  const line = `${open} ${parts.join(", ")} ${close}`
  if (line.length <= wide && !line.includes("\n")) return line
  return `${open}\n${parts.map((part) => `  ${part.replaceAll("\n", "\n  ")}`).join(",\n")}\n${close}`
}

const items = (values: ReadonlyArray<unknown>, depth: number): ReadonlyArray<string> => [
  ...values.slice(0, most).map((value) => shown(value, depth + 1)),
  ...(values.length > most ? [`… ${values.length - most} more`] : [])
]

const key = (name: string): string => (/^[\w$]+$/.test(name) ? name : JSON.stringify(name))

export const shown = (value: unknown, depth = 0): string => {
  if (typeof value === "string") return JSON.stringify(value)
  if (typeof value === "function") return `[function ${value.name}]`
  if (typeof value === "bigint") return `${value}n`
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : String(value)
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (isTyped(value))
    return list(
      `${value.constructor.name}(${value.length}) [`,
      items([...value.subarray(0, most + 1)], depth)
        .slice(0, most)
        .concat(value.length > most ? [`… ${value.length - most} more`] : []),
      "]"
    )
  if (depth > deepest) return Array.isArray(value) ? "[…]" : "{…}"
  if (Array.isArray(value)) return list("[", items(value, depth), "]")
  if (value instanceof Map) return list(`Map(${value.size}) {`, items([...value], depth), "}")
  const name = value.constructor?.name
  const fields = Object.entries(value)
  const parts = fields.slice(0, 40).map(([field, v]) => `${key(field)}: ${shown(v, depth + 1)}`)
  return list(name === undefined || name === "Object" ? "{" : `${name} {`, parts, "}")
}

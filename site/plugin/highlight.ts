/** TypeScript in colours, as HTML. */

const token =
  /(?<comment>\/\/[^\n]*|\/\*[^]*?\*\/)|(?<string>"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)|(?<number>(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b)|(?<keyword>\b(?:import|export|from|const|let|function|return|if|else|for|of|in|new|yield|await|async|type|interface|as|typeof|extends|readonly|number|string|void|true|false|undefined)\b)|(?<name>\b[A-Za-z_$][\w$]*(?=\())|(?<type>\b[A-Z]\w*)/g

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

export const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => entities[c]!)

export const highlight = (code: string): string => {
  let html = ""
  let at = 0
  for (const match of code.matchAll(token)) {
    const kind = Object.entries(match.groups!).find(([, text]) => text !== undefined)![0]
    html += `${escape(code.slice(at, match.index))}<i class="${kind}">${escape(match[0])}</i>`
    at = match.index + match[0].length
  }
  return html + escape(code.slice(at))
}

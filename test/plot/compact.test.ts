import { describe, expect, it } from "vitest"
import { compact } from "../../src/plot/compact.ts"

const dot = (x: string, fill: string) =>
  `<path aria-hidden="true" transform="translate(${x},20)" d="M1.5,0A1.5,1.5,0,1,1,-1.5,0A1.5,1.5,0,1,1,1.5,0" fill="${fill}" fill-opacity="0.6" opacity="1"/>`

describe("compact SVG", () => {
  it("says what circles share once, and keeps what differs", () => {
    const group = (...dots: ReadonlyArray<string>) => compact(`<g class="mark-symbol role-mark">${dots.join("")}</g>`)
    expect(group(dot("10.123456", "rgb(255, 0, 16)"), dot("30", "rgb(255, 0, 16)"))).toBe(
      '<g class="mark-symbol role-mark" fill="#ff0010" fill-opacity="0.6"><circle cx="10.12" cy="20" r="1.5"/><circle cx="30" cy="20" r="1.5"/></g>'
    )
    expect(group(dot("1", "red"), dot("2", "blue"))).toBe(
      '<g class="mark-symbol role-mark" fill-opacity="0.6"><circle cx="1" cy="20" r="1.5" fill="red"/><circle cx="2" cy="20" r="1.5" fill="blue"/></g>'
    )
  })

  it("leaves words and what is no coordinate alone", () => {
    const text = '<text transform="translate(1.23456,-0.00001)" opacity="0.12345">d="1.23456" rgb(1, 2, 3)</text>'
    expect(compact(text)).toBe('<text transform="translate(1.23,0)" opacity="0.12345">d="1.23456" rgb(1, 2, 3)</text>')
    expect(compact('<path d="M1.005e-7,2.71828L-3.14159,4"/>')).toBe('<path d="M0,2.72L-3.14,4"/>')
  })
})

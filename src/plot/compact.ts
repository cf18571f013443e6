/** SVG that says the same in fewer bytes: coordinates to a hundredth of a pixel, and what the circles of a group share said once. */

import { hexOf, type RGB } from "./ramp.ts"

const coordinates = / (d|transform|x1?|y1?|x2|y2|width|height)="([^"]*)"/g
const long = /-?\d*\.\d{3,}(?:e-?\d+)?/g

const rounded = (tag: string): string =>
  tag
    .replace(
      coordinates,
      (_, name: string, value: string) => ` ${name}="${value.replace(long, (n) => String(Number(Number(n).toFixed(2))))}"`
    )
    .replace(/^<(path|line) aria-hidden="true"/, "<$1")
    .replace(' opacity="1"', "")
    .replace(
      /"rgb\((\d+), (\d+), (\d+)\)"/g,
      (_, ...channels: ReadonlyArray<string>) => `"${hexOf(channels.slice(0, 3).map(Number) as unknown as RGB)}"`
    )

const circle = /<path transform="translate\(([^,]+),([^)]+)\)" d="M([\d.]+),0A\3,\3,0,1,1,-\3,0A\3,\3,0,1,1,\3,0"([^>]*)\/>/g
const circles = /(<g class="mark-symbol[^>]*)>((?:<circle [^>]*\/>)+)<\/g>/g
const inherited = / (?:fill|stroke|stroke-width|fill-opacity|stroke-opacity)="[^"]*"/g

/** Attributes that all circles have and that a group hands down. Opacity is not one of them: a group's is that of its circles together. */
const shared = (_: string, group: string, inside: string): string => {
  const all = inside.match(/<circle [^>]*>/g) ?? []
  const common = (all[0]?.match(inherited) ?? []).filter((attribute) => all.every((tag) => tag.includes(attribute)))
  return `${group}${common.join("")}>${common.reduce((text, attribute) => text.replaceAll(attribute, ""), inside)}</g>`
}

export const compact = (svg: string): string =>
  svg
    .replace(/<[a-z][^<>]*>/g, rounded)
    .replace(circle, (_, x: string, y: string, r: string, attributes: string) => `<circle cx="${x}" cy="${y}" r="${r}"${attributes}/>`)
    .replace(circles, shared)

/** How the pictures look. */

export const colour = { ink: "#1b2733", quiet: "#66727e", line: "#e3e7eb", shade: "#c9dcec", interval: "#2f6c9f", reference: "#d9541e" }

export const config = {
  font: "Helvetica, Arial, 'Liberation Sans', sans-serif",
  view: { stroke: null },
  title: {
    anchor: "start",
    fontSize: 20,
    fontWeight: 600,
    color: colour.ink,
    subtitleColor: colour.quiet,
    subtitleFontSize: 13,
    subtitlePadding: 8,
    subtitleLineHeight: 19,
    offset: 20
  },
  axis: {
    labelFlush: false,
    labelColor: colour.ink,
    labelFontSize: 13,
    titleColor: colour.ink,
    titleFontSize: 13,
    titleFontWeight: 500,
    titlePadding: 10,
    gridColor: colour.line,
    domainColor: colour.quiet,
    tickColor: colour.quiet
  },
  concat: { spacing: 32 }
}

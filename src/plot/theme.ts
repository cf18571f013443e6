/** How the pictures look. */

export const colour = {
  ink: "#1b2733",
  quiet: "#66727e",
  faint: "#a9b2ba",
  line: "#e3e7eb",
  shade: "#c9dcec",
  interval: "#2f6c9f",
  reference: "#d9541e"
}

/** Colours of groups. Any two stay apart in each form of colour blindness. */
export const palette = ["#2f6c9f", "#d9541e", "#1d9a78", "#ecbd35", "#d683bd", "#8fd3f7", "#9a2a4a", "#1a242d"]

const font = "Helvetica, Arial, 'Liberation Sans', sans-serif"

export const config = {
  font,
  mark: { aria: false },
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "bounds",
    fontSize: 18,
    fontWeight: 600,
    color: colour.ink,
    subtitleColor: colour.quiet,
    subtitleFontSize: 13,
    subtitlePadding: 7,
    subtitleLineHeight: 18,
    lineHeight: 23,
    offset: 16
  },
  axis: {
    labelFlush: false,
    labelLimit: 0,
    labelColor: colour.ink,
    labelFontSize: 12,
    titleColor: colour.ink,
    titleFontSize: 13,
    titleFontWeight: "normal",
    titlePadding: 9,
    gridColor: colour.line,
    domainColor: colour.quiet,
    tickColor: colour.quiet,
    tickSize: 4
  },
  header: { labelFontSize: 13, labelColor: colour.ink, labelFontWeight: 500 },
  legend: {
    orient: "top",
    title: null,
    labelColor: colour.ink,
    labelFontSize: 12,
    labelLimit: 0,
    symbolOpacity: 1,
    symbolSize: 70,
    symbolStrokeWidth: 2,
    offset: 10,
    padding: 0
  },
  text: { fontSize: 12, color: colour.ink },
  concat: { spacing: 32 }
}

/** How wide text is in Helvetica and the fonts of its metrics (Arial, Liberation Sans), where nothing else can measure it. */

/** Widths of the characters from the space to the tilde, in thousandths of the font's size. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278,
  278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722,
  667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556,
  556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584
]
/** Of other letters, such as Greek ones. */
const other = 570
/** How much wider bold letters are. */
const emboldened = 1.06

export const textWidth = (text: string, fontSize: number, bold = false): number => {
  const thousandths = Array.from(text.replace(/\p{M}/gu, "")).reduce(
    (sum, letter) => sum + (widths[letter.codePointAt(0)! - 32] ?? other),
    0
  )
  return (thousandths / 1000) * fontSize * (bold ? emboldened : 1)
}

/** Lines of at most `width` pixels, as far as words allow; `=` and `±` stay with what they join. */
export const wrap = (text: string, width: number, fontSize: number): ReadonlyArray<string> =>
  text
    .replace(/ ([=±]) /g, "\u00a0$1\u00a0")
    .split(" ")
    .reduce<ReadonlyArray<string>>((lines, word) => {
      const longer = [...lines.slice(-1), word].join(" ")
      return textWidth(longer, fontSize) <= width ? [...lines.slice(0, -1), longer] : [...lines, word]
    }, [])
    .filter((line) => line !== "")

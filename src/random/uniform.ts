/**
 * The middle of one of 2²³ equal cells of (0, 1), by the upper bits of a random word. Both u and 2u − 1 are exact in float32 and in float64, and
 * stay inside the open interval, so that no engine rounds a draw to its end.
 */
export const uniformOf = (word: number): number => ((word >>> 9) + 0.5) * 2 ** -23

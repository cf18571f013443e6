/** Keys of counter-based randomness. Plain values: equal keys give equal noise, on every engine. */
export interface Key {
  readonly hi: number
  readonly lo: number
}

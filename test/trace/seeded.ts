/** A generator with a state of its own, as a model's author may bring along. */
let state = 1
const next = (): number => (state = (state * 48271) % 2147483647) / 2147483647

export const seededNormals = (n: number): Array<number> =>
  Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next()))

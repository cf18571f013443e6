import { ArgumentError } from "../errors.ts"

/** `n`, where it is a whole number from 1 on. */
export const wholeNumber = (argument: string, n: number): number => {
  if (Number.isInteger(n) && n > 0) return n
  throw new ArgumentError({ argument, expected: "a whole number, at least 1", received: String(n) })
}

import type { TypedArray } from "pushforward"

/** FNV-1a of the bytes: eight hexadecimal digits that tell states apart. */
export const fingerprintOf = ({ buffer, byteOffset, byteLength }: TypedArray): string => {
  let hash = 0x811c9dc5
  for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, "0")
}

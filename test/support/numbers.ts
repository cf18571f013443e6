/** Numbers that look random and are the same on every run. */
const uniforms = (seed: number, count: number): Array<number> => {
  let state = (Math.imul(seed + 1, 0x9e3779b9) ^ 0x85ebca6b) >>> 0
  return Array.from({ length: count }, () => {
    state = (state + 0x9e3779b9) >>> 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (((z ^ (z >>> 15)) >>> 0) + 0.5) / 2 ** 32
  })
}

export const normals = (seed: number, count: number): Array<number> => {
  const u = uniforms(seed, 2 * count)
  return Array.from({ length: count }, (_, i) => Math.sqrt(-2 * Math.log(u[2 * i]!)) * Math.cos(2 * Math.PI * u[2 * i + 1]!))
}

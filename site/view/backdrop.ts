import type { Picture } from "../protocol.ts"

/** A density as an image: the ink, the more opaque the higher. The square root lets tails be seen. */
export const backdropOf = ({ size, values }: Picture, ink: string): HTMLCanvasElement => {
  const canvas = document.createElement("canvas")
  canvas.width = canvas.height = size
  const brush = canvas.getContext("2d")!
  brush.fillStyle = ink
  brush.fillRect(0, 0, 1, 1)
  const [r, g, b] = brush.getImageData(0, 0, 1, 1).data
  const image = brush.createImageData(size, size)
  const highest = values.reduce((most, v) => Math.max(most, v), 0)
  for (let row = 0; row < size; row++) {
    for (let i = 0; i < size; i++) {
      const at = 4 * ((size - 1 - row) * size + i)
      image.data.set([r!, g!, b!, 255 * 0.34 * Math.sqrt(values[row * size + i]! / highest)], at)
    }
  }
  brush.putImageData(image, 0, 0)
  return canvas
}

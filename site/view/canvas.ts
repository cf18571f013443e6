/** A canvas in CSS pixels, as sharp as the screen, drawn anew when its size or the theme changes. */
import { onTheme } from "./theme.ts"

export type Brush = CanvasRenderingContext2D

export interface Surface {
  /** Draws before the next frame of the screen, once however often it is asked. */
  readonly refresh: () => void
  readonly size: () => { readonly width: number; readonly height: number }
}

export const surface = (canvas: HTMLCanvasElement, draw: (brush: Brush, width: number, height: number) => void): Surface => {
  const brush = canvas.getContext("2d")!
  let [width, height, asked] = [0, 0, false]
  const paint = (): void => {
    asked = false
    if (width === 0 || height === 0) return
    const ratio = Math.min(window.devicePixelRatio, 2)
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h]
    brush.setTransform(ratio, 0, 0, ratio, 0, 0)
    brush.clearRect(0, 0, width, height)
    draw(brush, width, height)
  }
  const refresh = (): void => {
    if (asked) return
    asked = true
    requestAnimationFrame(paint)
  }
  new ResizeObserver(([entry]) => {
    ;({ width, height } = entry!.contentRect)
    refresh()
  }).observe(canvas)
  onTheme(refresh)
  void document.fonts.ready.then(refresh)
  return { refresh, size: () => ({ width, height }) }
}

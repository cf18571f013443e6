/** What needs Node: the terminal and pixels. */
export { terminalProgress } from "./progress.ts"
export { animation, type AnimationOptions, png, type PngOptions } from "./png.ts"

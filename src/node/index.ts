/** What needs Node: the terminal and files. */
export { terminalProgress } from "./progress.ts"
export { PictureError, svg } from "./svg.ts"

import { defineConfig } from "vitest/config"
import { root } from "../support/scratch.ts"

/** Slow, and in need of a registry: apart from `npm test`. */
export default defineConfig({
  root,
  test: {
    include: ["test/package/**/*.test.ts"],
    globalSetup: "./test/package/pack.ts",
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ["default", "./test/support/closingLine.ts"]
  }
})

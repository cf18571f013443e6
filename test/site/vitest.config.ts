import { fileURLToPath } from "node:url"
import { defaultServerConditions } from "vite"
import { defineConfig } from "vitest/config"

const conditions = ["@pushforward/source", ...defaultServerConditions]

/** The site in headless Chromium: `npm run site:test`. */
export default defineConfig({
  root: fileURLToPath(new URL("../..", import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/site/browser/**/*.test.ts"],
    globalSetup: ["test/site/browser/setup.ts"],
    testTimeout: 240_000,
    hookTimeout: 240_000,
    fileParallelism: false
  }
})

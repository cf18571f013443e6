import { defaultServerConditions } from "vite"
import { defineConfig } from "vitest/config"

const conditions = ["@pushforward/source", ...defaultServerConditions]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/package/**", "test/site/browser/**", "**/.scratch/**"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    silent: "passed-only",
    reporters: ["default", "./test/support/closingLine.ts"]
  }
})

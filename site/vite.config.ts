import { fileURLToPath } from "node:url"
import { defaultClientConditions, defineConfig } from "vite"
import { documents } from "./plugin/documents.ts"
import { runnable } from "./plugin/runnable.ts"

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Threads share memory, which a page may have only where it is isolated. */
const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" }

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { conditions: ["@pushforward/source", ...defaultClientConditions] },
  plugins: [documents(), runnable()],
  worker: { format: "es", plugins: () => [runnable()] },
  optimizeDeps: { entries: ["*.html", "worker/{worker,example}.ts"], include: ["@tensorflow/tfjs-backend-cpu"] },
  server: { headers: isolated, fs: { allow: [fileURLToPath(new URL("..", import.meta.url))] } },
  preview: { headers: isolated },
  build: {
    target: "es2024",
    outDir: "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: [page("index.html"), page("guide.html"), page("examples.html")] }
  }
})

/// <reference types="vite/client" />

declare module "virtual:examples" {
  export const examples: Readonly<Record<string, (() => Promise<unknown>) | undefined>>
}

import type { Bijector } from "./bijector.ts"

/** The same map in the other direction. */
export const invert = (bijector: Bijector): Bijector => ({
  name: bijector.name.startsWith("inverse of ") ? bijector.name.slice("inverse of ".length) : `inverse of ${bijector.name}`,
  domain: bijector.codomain,
  codomain: bijector.domain,
  forward: bijector.inverse,
  inverse: bijector.forward
})

/** Everything a fit trains, as one parameter tree: the guide's parameters, and those of the model's `param` sites. */
import type { Params } from "../learnable/learnable.ts"
import type { Key } from "../random/key.ts"
import { fold } from "../random/key.ts"
import type { Target } from "./target.ts"

export const modelParams = (target: Target, key: Key): { readonly [name: string]: Params } =>
  Object.fromEntries([...target.learnables].map(([name, learnable]) => [name, learnable.init(fold(key, name))]))

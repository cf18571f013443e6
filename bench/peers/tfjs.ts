/** RealNVP in eager tfjs, with its own gradients and Adam, on the backend named by the first argument. */
import * as tf from "@tensorflow/tfjs"
import "@tensorflow/tfjs-backend-wasm"
import { realNVPOnly, serve, type Task } from "./protocol.ts"

type Params = Readonly<Record<string, tf.Tensor>>

const mlp = (p: Params, name: string, x: tf.Tensor): tf.Tensor =>
  [1, 2, 3].reduce((h, l) => {
    const y = tf.add(tf.matMul(h, p[`${name}.weight ${l}`]!), p[`${name}.bias ${l}`]!)
    return l < 3 ? tf.relu(y) : y
  }, x)

const coupling = (p: Params, i: number, x: tf.Tensor, inverse: boolean): readonly [tf.Tensor, tf.Tensor] => {
  const name = `guide.coupling ${i + 1}`
  const last = i % 2 === 0
  const [passive, active] = [last ? 0 : 1, last ? 1 : 0].map((c) => tf.slice(x, [0, c], [-1, 1])) as [tf.Tensor, tf.Tensor]
  const logScale = tf.tanh(mlp(p, `${name}.scale`, passive))
  const shift = mlp(p, `${name}.shift`, passive)
  const mapped = inverse ? tf.mul(tf.sub(active, shift), tf.exp(tf.neg(logScale))) : tf.add(tf.mul(active, tf.exp(logScale)), shift)
  return [tf.concat(last ? [passive, mapped] : [mapped, passive], 1), tf.sum(inverse ? tf.neg(logScale) : logScale, 1)]
}

const flow = (p: Params, z: tf.Tensor, inverse: boolean): readonly [tf.Tensor, tf.Tensor] => {
  const order = Array.from({ length: 8 }, (_, i) => (inverse ? 7 - i : i))
  return order.reduce<readonly [tf.Tensor, tf.Tensor]>(
    ([x, logDet], i) => {
      const [y, more] = coupling(p, i, x, inverse)
      return [y, tf.add(logDet, more)]
    },
    [z, tf.zeros([z.shape[0]!])]
  )
}

const logNormal = (x: tf.Tensor, mean: tf.Tensor | number, scale: number): tf.Tensor =>
  tf.sub(tf.mul(-0.5, tf.square(tf.div(tf.sub(x, mean), scale))), Math.log(scale) + 0.5 * Math.log(2 * Math.PI))

const banana = (x: tf.Tensor): tf.Tensor => {
  const [a, b] = tf.unstack(x, 1) as [tf.Tensor, tf.Tensor]
  return tf.add(logNormal(a, 0, 1), logNormal(b, tf.square(a), 0.5))
}

const stopped = tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (g: tf.Tensor) => tf.zerosLike(g) }))

const build = ({ parameters, draws, gradient, rate }: Task) => {
  const params: Record<string, tf.Variable> = Object.fromEntries(
    Object.entries(parameters).map(([path, { shape, data }]) => [path, tf.variable(tf.tensor([...data], [...shape]))])
  )
  const optimiser = tf.train.adam(rate)
  const loss = (): tf.Scalar => {
    const base = tf.randomNormal([draws, 2])
    const [value, logDet] = flow(params, base, false)
    const logGuide = (): tf.Tensor => {
      if (gradient === "plain") return tf.sub(tf.sum(logNormal(base, 0, 1), 1), logDet)
      const still = Object.fromEntries(Object.entries(params).map(([path, p]) => [path, stopped(p)]))
      const [back, backLogDet] = flow(still, value, true)
      return tf.add(tf.sum(logNormal(back, 0, 1), 1), backLogDet)
    }
    return tf.neg(tf.mean(tf.sub(banana(value), logGuide())))
  }
  return () => {
    const cost = optimiser.minimize(loss, true)!
    const objective = -cost.dataSync()[0]!
    cost.dispose()
    return objective
  }
}

await tf.setBackend(process.argv[2]!)
await serve(realNVPOnly(build))

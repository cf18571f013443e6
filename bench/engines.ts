/** Times training steps on engines: `node --conditions=@pushforward/source bench/engines.ts [steps] [engines] [seconds]`. */
import "@tensorflow/tfjs"
import "@tensorflow/tfjs-backend-wasm"
import * as Effect from "effect/Effect"
import type { Engine } from "../src/engine/engine.ts"
import { reference } from "../src/engine/reference/reference.ts"
import { tfjsEngine } from "../src/engine/tfjs/tfjs.ts"
import { wasm } from "../src/engine/wasm/wasm.ts"
import type { Step } from "./steps.ts"
import { realNVPStep, schoolsStep } from "./steps.ts"

const engines: Readonly<Record<string, Engine>> = {
  reference: reference(),
  "reference-own": reference({ precision: "own" }),
  wasm: wasm(),
  "wasm-float64": wasm({ precision: "float64" }),
  "tfjs-wasm": tfjsEngine({ backend: "wasm" }),
  "tfjs-cpu": tfjsEngine({ backend: "cpu" })
}

const steps: Readonly<Record<string, () => Step>> = {
  small: () => realNVPStep(32, 256),
  large: () => realNVPStep(128, 1024),
  schools: () => schoolsStep(64)
}

const time = (engine: Engine, { program, inputs }: Step, seconds: number): Effect.Effect<string, unknown> =>
  Effect.scoped(
    Effect.gen(function* () {
      const started = performance.now()
      const executable = yield* engine.compile(program)
      const compiled = performance.now() - started
      const times: Array<number> = []
      for (let i = 0; i < 3; i++) yield* executable.run(inputs)
      const cpu = process.cpuUsage()
      const end = performance.now() + 1000 * seconds
      while (performance.now() < end || times.length < 5) {
        const before = performance.now()
        yield* executable.run(inputs)
        times.push(performance.now() - before)
      }
      const used = process.cpuUsage(cpu)
      times.sort((a, b) => a - b)
      const at = (q: number): string => times[Math.floor(q * (times.length - 1))]!.toFixed(2)
      return `median ${at(0.5)} ms, least ${at(0)} ms, processor ${((used.user + used.system) / 1000 / times.length).toFixed(2)} ms, ${times.length} runs; ${executable.program.graph.nodes.length} nodes, compiled in ${compiled.toFixed(0)} ms`
    })
  )

const [stepNames = Object.keys(steps).join(), engineNames = Object.keys(engines).join(), seconds = "3"] = process.argv.slice(2)
for (const s of stepNames.split(",")) {
  const step = steps[s]!()
  for (const e of engineNames.split(","))
    console.log(`${step.name}, ${e}: ${await Effect.runPromise(time(engines[e]!, step, Number(seconds)))}`)
}

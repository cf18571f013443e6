import type { Reporter, TestModule } from "vitest/node"

/** Closes a run with its counts on one plain line. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, errors: ReadonlyArray<unknown>): void {
    const states = modules.flatMap((module) => {
      const tests = [...module.children.allTests()].map((test) => test.result().state)
      return tests.length === 0 && module.state() === "failed" ? ["failed" as const] : tests
    })
    const count = (state: string): number => states.filter((s) => s === state).length
    console.log(`${count("passed")} passed, ${count("failed") + errors.length} failed, ${count("skipped")} skipped`)
  }
}

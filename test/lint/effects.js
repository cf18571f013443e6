/**
 * `effects/yield-star`: a bare `yield` in a generator that is handed to a call, as in `model(function* () { … })`, yields the request and
 * gives back `any` in place of its answer. What is meant is `yield*`.
 */
const yieldStar = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const generators = []
    return {
      FunctionExpression(node) {
        generators.push(node.generator && node.parent.type === "CallExpression" && node.parent.arguments.includes(node))
      },
      "FunctionExpression:exit"() {
        generators.pop()
      },
      YieldExpression(node) {
        if (!node.delegate && generators.at(-1) === true)
          context.report({ node, message: "Bare `yield` of a site or an Effect: write `yield*`." })
      }
    }
  }
}

export default { meta: { name: "effects" }, rules: { "yield-star": yieldStar } }

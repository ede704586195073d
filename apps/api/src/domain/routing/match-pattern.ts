/** Whether a model name matches one of the patterns; `*` stands for any run of characters. */
export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, name))
}

export function matchesPattern(pattern: string, name: string): boolean {
  if (pattern === '*' || pattern === name) return true
  if (!pattern.includes('*')) return false
  let expression = compiled.get(pattern)
  if (expression === undefined) {
    const escaped = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    expression = new RegExp(`^${escaped.join('.*')}$`, 's')
    if (compiled.size >= compiledMax) compiled.clear()
    compiled.set(pattern, expression)
  }
  return expression.test(name)
}

const compiledMax = 10_000
const compiled = new Map<string, RegExp>()

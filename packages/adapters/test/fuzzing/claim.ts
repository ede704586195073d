/** Fails with `what` was promised. Thousands of claims a second: a matcher would take longer than what it looks at. */
export function claim(holds: boolean, what: string, found?: unknown): asserts holds {
  if (holds) return
  throw new Error(
    found === undefined ? what : `${what}: ${JSON.stringify(found)?.slice(0, 300) ?? String(found)}`,
  )
}

export function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** An id or a model: what stands in every chunk and in the books is bounded. */
export function isName(value: unknown): value is string {
  return isText(value) && value.length <= 300
}

/** A JSON object of unknown fields. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The same, where the owner may change it (a parsed copy that nobody else sees). */
export type MutableJson = Record<string, unknown>

export function isObject(value: unknown): value is MutableJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectOf(value: unknown): MutableJson | undefined {
  return isObject(value) ? value : undefined
}

export function arrayOf(value: unknown): unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

/** A string with at least one character: `""` is how many platforms say "nothing". */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/**
 * A count of tokens: a whole number of at least 0. Counts sent as text (`"12"`, Tencent) are read, anything else
 * is `undefined`, never `0`.
 */
export function countOf(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value)
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** `undefined` for what is not JSON; `null` for the JSON `null`. Never throws. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

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

/** The place in a list: what counts from 0. */
export function indexOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** An id or a name of a model: a text, and short enough to be repeated in every chunk of an answer. */
export function nameOf(value: unknown): string | undefined {
  const text = textOf(value)
  return text === undefined || text.length > nameCharactersMax ? undefined : text
}

const nameCharactersMax = 256

/** Seconds since 1970; some proxies send milliseconds. What is no time near ours is none. */
export function secondsOf(value: unknown): number | undefined {
  const told = numberOf(value)
  if (told === undefined || told < 1) return undefined
  const seconds = Math.floor(told > secondsMax ? told / 1000 : told)
  return seconds > secondsMax ? undefined : seconds
}

/** In the year 5138. */
const secondsMax = 100_000_000_000

/**
 * A count of tokens: a whole number of at least 0. Counts sent as text (`"12"`, Tencent) are read, anything else
 * is `undefined`, never `0`. Nobody counts to a million millions: what is added up stays exact.
 */
export function countOf(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : value
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count < 1e12
    ? count
    : undefined
}

/**
 * `undefined` for what is not JSON; `null` for the JSON `null`. Never throws.
 *
 * Nor is it JSON to us when it nests deeper than anybody's: `JSON.parse` reads any depth, but `JSON.stringify` and
 * whatever else walks into the value would run out of stack.
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  // A level takes two characters at least: nearly every event is too short to be too deep.
  return text.length > 2 * depthMax && isTooDeep(value) ? undefined : value
}

/** Levels of objects and lists in one another. Schemas of tools go to a few dozen. */
export const depthMax = 256

/** Whether a value nests deeper than `depthMax`. Level by level, so that the looking itself needs no stack. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > depthMax) return true
    const below: unknown[] = []
    for (const node of level) {
      if (Array.isArray(node)) {
        for (const item of node) if (typeof item === 'object' && item !== null) below.push(item)
      } else if (isObject(node)) {
        for (const name in node)
          if (typeof node[name] === 'object' && node[name] !== null) below.push(node[name])
      }
    }
    level = below
  }
  return false
}

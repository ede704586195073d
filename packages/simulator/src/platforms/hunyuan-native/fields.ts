import type { Refusal } from '../../contract/refusal.ts'
import type { JsonObject } from '../../json.ts'

/** What is wrong with a value, or nothing. */
export type Check = (value: unknown, at: string) => Refusal | undefined

/** Checks an object against the fields the interface has; every other one is an error of its own. */
export function checkFields(
  value: JsonObject,
  checks: Readonly<Record<string, Check>>,
  at = '',
): Refusal | undefined {
  for (const [name, inner] of Object.entries(value)) {
    const path = at === '' ? name : `${at}.${name}`
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (check === undefined) return unknownField(path)
    // The official SDK leaves fields that are null out; whether they are refused is not verified.
    const found = inner === null ? undefined : check(inner, path)
    if (found !== undefined) return found
  }
  return undefined
}

export const anything: Check = () => undefined

export const text: Check = (value, at) => (typeof value === 'string' ? undefined : wrongType(at))

export const flag: Check = (value, at) => (typeof value === 'boolean' ? undefined : wrongType(at))

export const texts: Check = (value, at) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? undefined : wrongType(at)

export function numberIn(min: number, max: number, kind: 'integer' | 'float'): Check {
  return (value, at) => {
    if (typeof value !== 'number' || (kind === 'integer' && !Number.isInteger(value))) return wrongType(at)
    if (value > max) return invalid(at, `${at} must be ${max} or less`)
    return value < min ? invalid(at, `${at} must be ${min} or greater`) : undefined
  }
}

export function invalid(at: string, message: string): Refusal {
  return { refused: 'invalid-parameter', param: at, message }
}

export function wrongType(at: string): Refusal {
  return invalid(at, `The value type of parameter \`${at}\` is not valid.`)
}

export function missing(at: string): Refusal {
  return {
    ...invalid(at, `The request is missing a required parameter \`${at}\`.`),
    variant: 'MissingParameter',
  }
}

function unknownField(at: string): Refusal {
  return { ...invalid(at, `The parameter \`${at}\` is not recognized.`), variant: 'UnknownParameter' }
}

import { type JsonObject, isObject } from '../json.ts'

/** A control request that cannot be understood; the message says which field and why. */
export class InvalidControl extends Error {}

/** An object with no fields but the named ones. */
export function closedObject(value: unknown, at: string, names: readonly string[]): JsonObject {
  if (!isObject(value)) throw new InvalidControl(`${at} must be an object`)
  const stranger = Object.keys(value).find((name) => !names.includes(name))
  if (stranger !== undefined) {
    throw new InvalidControl(`${at} has an unknown field "${stranger}"; known are: ${names.join(', ')}`)
  }
  return value
}

export function textAt(value: JsonObject, name: string, choices?: readonly string[]): string | undefined {
  const found = value[name]
  if (found === undefined) return undefined
  if (typeof found !== 'string' || found === '') throw new InvalidControl(`${name} must be a text`)
  if (choices !== undefined && !choices.includes(found)) {
    throw new InvalidControl(`${name} must be one of: ${choices.join(', ')}`)
  }
  return found
}

export function countAt(value: JsonObject, name: string, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const found = value[name]
  if (found === undefined) return undefined
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 0 || found > max) {
    throw new InvalidControl(`${name} must be a whole number from 0 to ${max}`)
  }
  return found
}

export function flagAt(value: JsonObject, name: string): boolean | undefined {
  const found = value[name]
  if (found === undefined) return undefined
  if (typeof found !== 'boolean') throw new InvalidControl(`${name} must be true or false`)
  return found
}

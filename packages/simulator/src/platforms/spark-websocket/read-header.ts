import { invalid } from '../../openai-shape/check-parameters.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'

const userLengthMax = 32

/** `header` of every body: the application, and whoever asks in its name. */
export function readHeader(body: JsonObject): { readonly user?: string } | Refusal {
  const header = body['header']
  if (!isObject(header) || typeof header['app_id'] !== 'string') return misshapen('header.app_id')
  const user = header['uid']
  if (user === undefined) return {}
  if (typeof user !== 'string') return misshapen('header.uid')
  if (user.length > userLengthMax) {
    const message = `header.uid takes at most ${userLengthMax} characters`
    return { ...invalid('header.uid', message), variant: 'value' }
  }
  return { user }
}

/** A field that is not there or of another type. */
export function misshapen(at: string): Refusal {
  return { ...invalid(at, `${at} is missing or of the wrong type`), variant: 'schema' }
}

/** The object at a path such as `parameter`, `chat`. */
export function objectAt(body: JsonObject, ...steps: readonly string[]): JsonObject | undefined {
  let found: unknown = body
  for (const step of steps) found = isObject(found) ? found[step] : undefined
  return isObject(found) ? found : undefined
}

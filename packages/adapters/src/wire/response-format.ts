import { isObject } from './json.ts'

/**
 * For platforms that know `json_object` but no JSON schema: what to send in place of a schema, which at least makes the
 * answer JSON. `undefined` where the client's own value can go as it is.
 */
export function jsonObjectForSchema(format: unknown): { readonly type: 'json_object' } | undefined {
  return isObject(format) && format['type'] === 'json_schema' ? { type: 'json_object' } : undefined
}

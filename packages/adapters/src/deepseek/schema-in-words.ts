import { isObject, objectOf } from '../wire/json.ts'

/**
 * What the model is told where the client sent a JSON schema: the platform has `json_object` alone, wants the word "json"
 * in the prompt (a 400 without it), and does not hold the answer to a schema (api-docs.deepseek.com/guides/json_mode).
 */
export function schemaInWords(format: unknown): string | undefined {
  if (!isObject(format) || format['type'] !== 'json_schema') return undefined
  const schema = objectOf(objectOf(format['json_schema'])?.['schema'])
  const words = 'Answer with one JSON object and nothing else.'
  return schema === undefined ? words : `${words} It must match this JSON schema: ${JSON.stringify(schema)}`
}

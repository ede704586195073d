import { isObject, objectOf, type JsonObject } from '../wire/json.ts'

/**
 * DashScope's figures under OpenAI's names (provider sheet, section 3). Input counts cached input and pictures, output
 * counts reasoning. The details of input have two names, by model; `image_tokens` stands at the top where there are
 * none. What a plugin did (web searches) goes on as it is.
 */
export function tongyiUsage(usage: unknown): JsonObject | undefined {
  if (!isObject(usage)) return undefined
  const images = usage['image_tokens']
  const input = {
    ...(images == null ? {} : { image_tokens: images }),
    ...objectOf(usage['input_tokens_details']),
    ...objectOf(usage['prompt_tokens_details']),
  }
  return {
    prompt_tokens: usage['input_tokens'],
    completion_tokens: usage['output_tokens'],
    total_tokens: usage['total_tokens'],
    prompt_tokens_details: Object.keys(input).length === 0 ? undefined : input,
    completion_tokens_details: objectOf(usage['output_tokens_details']),
    plugins: objectOf(usage['plugins']),
  }
}

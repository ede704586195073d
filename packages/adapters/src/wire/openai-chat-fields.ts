import type { JsonObject } from './json.ts'

/**
 * The fields of OpenAI's chat request that a platform does not know, of those in this request: strict platforms
 * answer 400 to them. Fields that are not OpenAI's are none of our business and go through: whoever sends
 * `web_search` to Qianfan means Qianfan's.
 */
export function fieldsUnknownTo(known: ReadonlySet<string>, body: JsonObject): string[] {
  return Object.keys(body).filter((name) => OPENAI_CHAT_FIELDS.has(name) && !known.has(name))
}

/** OpenAI's chat completions reference, without what every platform has: `model`, `messages`, `stream`. */
const OPENAI_CHAT_FIELDS: ReadonlySet<string> = new Set([
  'audio',
  'frequency_penalty',
  'function_call',
  'functions',
  'logit_bias',
  'logprobs',
  'max_completion_tokens',
  'max_tokens',
  'metadata',
  'modalities',
  'n',
  'parallel_tool_calls',
  'prediction',
  'presence_penalty',
  'prompt_cache_key',
  'prompt_cache_retention',
  'reasoning_effort',
  'response_format',
  'safety_identifier',
  'seed',
  'service_tier',
  'stop',
  'store',
  'stream_options',
  'temperature',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'user',
  'verbosity',
  'web_search_options',
])

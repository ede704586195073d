import { ProviderError, type ChatRequest, type Refusal } from '../contract/index.ts'
import { arrayOf } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { jsonObjectForSchema } from '../wire/response-format.ts'
import type { BodyEdits } from '../wire/splice.ts'
import { schemaInWords } from './schema-in-words.ts'
import { forcesTool, lacksReasoning, thinkingOf } from './thinking.ts'

/**
 * What DeepSeek wants otherwise than OpenAI (provider sheet of OpenAI-compatible upstreams, section 6;
 * api-docs.deepseek.com/guides/thinking_mode). Its own fields go through: `thinking`, `user_id`, `reasoning_content` and
 * `prefix` of messages.
 *
 * Thinking that nobody asked for gives way where it would make the platform refuse what the client did ask for: a tool
 * that must be called, or a conversation whose earlier thinking the client has not kept. Where the client wants both,
 * there is no way to serve it.
 */
export function deepseekChatEdits(request: ChatRequest): BodyEdits | Refusal {
  const { body } = request
  const thinking = thinkingOf(body)
  if (thinking === 'wanted' && forcesTool(body)) return refuseForcedTool()
  const givesWay = thinking === 'by-default' && (forcesTool(body) || lacksReasoning(body))
  // `none` is OpenAI's: here the switch says it.
  const isNone = body['reasoning_effort'] === 'none'
  return {
    drop: [...fieldsUnknownTo(KNOWN, body), ...(isNone ? ['reasoning_effort'] : [])],
    set: {
      messages: messagesFor(body),
      response_format: jsonObjectForSchema(body['response_format']),
      thinking: givesWay || (isNone && thinking === 'off') ? { type: 'disabled' } : undefined,
    },
  }
}

/** Texts alone go as a string: lists of parts were a 422 for long ("invalid type: sequence, expected a string"). */
function messagesFor(body: ChatRequest['body']): readonly unknown[] | undefined {
  const given = arrayOf(body['messages'])
  const normalised = normaliseMessages(given, { textParts: 'join' })
  const words = schemaInWords(body['response_format'])
  if (given === undefined || words === undefined) return normalised
  return [{ role: 'system', content: words }, ...(normalised ?? given)]
}

function refuseForcedTool(): Refusal {
  const message =
    'DeepSeek cannot be made to call a tool while thinking: use "auto", or switch thinking off with {"thinking":{"type":"disabled"}}'
  return { ok: false, error: new ProviderError('invalid_request', { message, param: 'tool_choice' }) }
}

/** Of OpenAI's fields, those on the platform's page (api-docs.deepseek.com/api/create-chat-completion). */
const KNOWN: ReadonlySet<string> = new Set([
  'frequency_penalty',
  'logprobs',
  'max_tokens',
  'presence_penalty',
  'reasoning_effort',
  'response_format',
  'stop',
  'stream_options',
  'temperature',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
])

import type { Call, ChatRequest } from '../contract/index.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { movedIntoRange, seedInRange } from '../wire/ranges.ts'
import type { BodyEdits } from '../wire/splice.ts'
import { stopTexts } from '../wire/stop-cutter.ts'

/**
 * What Qianfan V2 wants otherwise than OpenAI (provider sheet, from the official Go SDK and the vendor's documents):
 *
 * - `stop` must be a list: a string was answered 400 `malformed_json` (user report of 2025-01).
 * - A temperature of 0 is refused. ERNIE's range ends at 1; models of other makers that are served here go further.
 * - ERNIE insists on alternating roles, with the system message first.
 * - `n`, `logprobs`, `logit_bias` and others of OpenAI's fields are not listed and are dropped.
 */
export function qianfanChatEdits(request: ChatRequest, call: Call): BodyEdits {
  const { body } = request
  const ernie = /^ernie/i.test(call.upstreamModel)
  const stops = stopTexts(body['stop'])
  return {
    drop: [...fieldsUnknownTo(KNOWN, body), 'stop'],
    set: {
      messages: normaliseMessages(body['messages'], ernie ? { system: 'first', alternate: true } : {}),
      stop: stops.length > 0 ? stops : undefined,
      temperature: movedIntoRange(body['temperature'], TEMPERATURE_MIN, ernie ? 1 : 2),
      seed: seedInRange(body['seed'], 1, SEED_MAX),
    },
  }
}

const TEMPERATURE_MIN = 0.01

/** The vendor's range is (0, 2147483647), ends excluded. */
const SEED_MAX = 2_147_483_646

const KNOWN: ReadonlySet<string> = new Set([
  'stream_options',
  'temperature',
  'top_p',
  'frequency_penalty',
  'presence_penalty',
  'seed',
  'stop',
  'max_tokens',
  'max_completion_tokens',
  'user',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'response_format',
  'reasoning_effort',
])

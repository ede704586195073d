import type { Call, ChatRequest } from '../contract/index.ts'
import type { JsonObject } from '../wire/json.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { movedIntoRange } from '../wire/ranges.ts'
import { sparkMaxTokens } from '../wire/spark-max-tokens.ts'
import { sparkModel } from '../wire/spark-models.ts'
import { unsafePenalties } from '../wire/spark-penalties.ts'
import { sparkWebSearch } from '../wire/spark-web-search.ts'

/**
 * `parameter.chat` (provider sheet, section 3.3; vendor page Web.html). The X line takes OpenAI's sampling too; the
 * others take `temperature` alone, of a range that ends at 1. Everything that is not OpenAI's goes here: `top_k`,
 * `chat_id`, `auditing`, `thinking`. `stop` and `response_format` do not exist: the readers carry the former out.
 */
export function chatParameters(request: ChatRequest, call: Call): JsonObject {
  const { body } = request
  const model = sparkModel(call.upstreamModel)
  const dropped = new Set([
    ...ELSEWHERE,
    ...fieldsUnknownTo(model.reasons ? SAMPLING : TEMPERATURE, body),
    ...unsafePenalties(body),
  ])
  const given = Object.entries(body).filter(([name, value]) => !dropped.has(name) && value != null)
  const search = sparkWebSearch(body, model.searchesByDefault)
  const changes = {
    temperature: movedIntoRange(body['temperature'], ABOVE_ZERO, model.reasons ? 2 : 1),
    top_p: model.reasons ? movedIntoRange(body['top_p'], ABOVE_ZERO, 1) : undefined,
    max_tokens: sparkMaxTokens(request, model),
    tools: search.length > 0 ? search : undefined,
    thinking: model.reasons ? thinkingFor(body) : undefined,
  }
  return {
    domain: call.upstreamModel,
    ...Object.fromEntries([...given, ...Object.entries(changes).filter(([, value]) => value !== undefined)]),
  }
}

/** OpenAI's way to ask for no reasoning; how much there is otherwise cannot be said. */
function thinkingFor(body: JsonObject): JsonObject | undefined {
  return body['reasoning_effort'] === 'none' && body['thinking'] == null ? { type: 'disabled' } : undefined
}

/** The ranges begin above 0. */
const ABOVE_ZERO = 0.01

const TEMPERATURE: ReadonlySet<string> = new Set(['temperature'])
const SAMPLING: ReadonlySet<string> = new Set([
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
])

/** Told in another place of the frame, or by the frame itself. */
const ELSEWHERE = ['model', 'messages', 'stream', 'domain', 'tool_calls_switch'] as const

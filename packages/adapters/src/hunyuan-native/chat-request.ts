import {
  ProviderError,
  type Call,
  type ChatRequest,
  type HttpExchange,
  type Refusal,
} from '../contract/index.ts'
import type { JsonObject, MutableJson } from '../wire/json.ts'
import { movedIntoRange, seedInRange } from '../wire/ranges.ts'
import { stopTexts } from '../wire/stop-cutter.ts'
import { hunyuanMessages } from './messages.ts'
import { tencentCall } from './tencent-call.ts'
import { hunyuanTools } from './tools.ts'

/**
 * ChatCompletions (provider sheet, section 2.2). There is no field for the length of the answer: the model's own cap is
 * all that ends it, which is what is held (`beyondBound`). Nor is there one for penalties, `response_format`, `n` and
 * log probabilities. `StreamModeration` is left to the platform unless the client names it.
 */
export function hunyuanChatRequest(request: ChatRequest, call: Call): HttpExchange | Refusal {
  const { body } = request
  const messages = hunyuanMessages(body['messages'])
  if (messages instanceof ProviderError) return { ok: false, error: messages }
  const tools = hunyuanTools(body)
  if (tools instanceof ProviderError) return { ok: false, error: tools }
  const stops = stopTexts(body['stop'])
  const payload = {
    Model: call.upstreamModel,
    Messages: messages,
    Stream: request.stream,
    Temperature: movedIntoRange(body['temperature'], 0, 2) ?? given(body['temperature']),
    TopP: movedIntoRange(body['top_p'], 0, 1) ?? given(body['top_p']),
    Stop: stops.length === 0 ? undefined : stops,
    Seed: seedInRange(body['seed'], 1, 10_000) ?? given(body['seed']),
    ...tools,
    EnableThinking: thinkingSwitch(body, call),
    ...vendorFields(body),
  }
  return tencentCall('ChatCompletions', payload, call)
}

/** `null` is how some clients leave a field out; the platform checks types. */
function given(value: unknown): unknown {
  return value === null ? undefined : value
}

/** The one model whose thinking can be switched, and thinks unless told not to. */
function thinkingSwitch(body: JsonObject, call: Call): false | undefined {
  const isSwitchable = call.upstreamModel.startsWith('hunyuan-a13b')
  return isSwitchable && body['reasoning_effort'] === 'none' ? false : undefined
}

/**
 * Hunyuan's own fields, by their native names or by those of its OpenAI-compatible endpoint. What OpenAI has a name for
 * is said by that name only: the books weigh what stands there. Other lower-case fields are nothing the API could know,
 * and it refuses what it does not know (`UnknownParameter`).
 */
function vendorFields(body: JsonObject): MutableJson {
  const fields: MutableJson = {}
  for (const [name, value] of Object.entries(body)) {
    const native = compatibleNames.get(name) ?? (/^[A-Z]/.test(name) ? name : undefined)
    if (native !== undefined && !ownNames.has(native) && value !== null) fields[native] = value
  }
  return fields
}

const ownNames: ReadonlySet<string> = new Set([
  'Model',
  'Messages',
  'Stream',
  'Temperature',
  'TopP',
  'Stop',
  'Seed',
  'Tools',
  'ToolChoice',
  'CustomTool',
])

const compatibleNames: ReadonlyMap<string, string> = new Map([
  ['citation', 'Citation'],
  ['enable_enhancement', 'EnableEnhancement'],
  ['enable_multimedia', 'EnableMultimedia'],
  ['enable_recommended_questions', 'EnableRecommendedQuestions'],
  ['enable_speed_search', 'EnableSpeedSearch'],
  ['enable_thinking', 'EnableThinking'],
  ['force_search_enhancement', 'ForceSearchEnhancement'],
  ['search_info', 'SearchInfo'],
  ['stream_moderation', 'StreamModeration'],
])

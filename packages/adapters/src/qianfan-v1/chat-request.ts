import type { BoundedRequest, Call, ChatRequest, HttpExchange, Refusal } from '../contract/index.ts'
import { isObject, textOf, type JsonObject } from '../wire/json.ts'
import { fieldsUnknownTo } from '../wire/openai-chat-fields.ts'
import { movedIntoRange } from '../wire/ranges.ts'
import { jsonObjectForSchema } from '../wire/response-format.ts'
import { spliceBody, type BodyEdits } from '../wire/splice.ts'
import { stopTexts } from '../wire/stop-cutter.ts'
import { modelPath, qianfanV1Headers } from './endpoint.ts'
import { qianfanV1Functions } from './functions.ts'
import { qianfanV1Messages } from './messages.ts'
import { chatSuffix, searchesByDefault, takesBound } from './models.ts'

/**
 * An OpenAI request in V1's form (provider sheet, section 2.2). Fields that are not OpenAI's are V1's own
 * (`penalty_score`, `enable_citation`, `user_id` …) and go through as they are.
 */
export function qianfanV1ChatRequest(request: ChatRequest, call: Call): HttpExchange | Refusal {
  const edits = chatEdits(request, call)
  if ('ok' in edits) return edits
  return {
    transport: 'http',
    method: 'POST',
    url: call.baseUrl + modelPath('chat', chatSuffix(call.upstreamModel), call),
    headers: qianfanV1Headers(call, request.stream),
    body: spliceBody(request.raw, edits),
  }
}

/** The platform's smallest bound is 2; where a model knows none, its own cap or its context ends the answer. */
export function qianfanV1BeyondBound(
  request: BoundedRequest,
  call: Pick<Call, 'upstreamModel'>,
): number | 'unbounded' {
  if (!takesBound(call.upstreamModel)) return 'unbounded'
  const asked = request.maxOutputTokens
  return asked === undefined ? 0 : Math.max(0, BOUND_MIN - asked)
}

function chatEdits(request: ChatRequest, call: Call): BodyEdits | Refusal {
  const { body } = request
  const said = qianfanV1Messages(body['messages'])
  if ('ok' in said) return said
  const bound = request.maxOutputTokens
  return {
    // `null` is OpenAI's other way to leave a field out.
    drop: [
      'model',
      ...fieldsUnknownTo(KNOWN, body),
      ...Object.keys(body).filter((name) => body[name] === null),
    ],
    set: {
      system:
        [textOf(body['system']), said.system].filter((text) => text !== undefined).join('\n\n') || undefined,
      messages: said.messages,
      stream: 'stream' in body && body['stream'] !== request.stream ? request.stream : undefined,
      // 0 is an error.
      temperature: movedIntoRange(body['temperature'], TEMPERATURE_MIN, 1),
      top_p: movedIntoRange(body['top_p'], 0, 1),
      penalty_score: body['penalty_score'] ?? penaltyScore(body['frequency_penalty']),
      stop: sendableStops(body['stop']),
      max_output_tokens: bound === undefined ? undefined : Math.max(BOUND_MIN, bound),
      response_format: responseFormat(body['response_format']),
      user_id: body['user_id'] ?? textOf(body['user']) ?? textOf(body['safety_identifier']),
      disable_search: disableSearch(body, call),
      ...qianfanV1Functions(body),
    },
  }
}

/** From 1, which is no penalty, to 2. What OpenAI's clients ask for below 0, a reward, cannot be said. */
function penaltyScore(frequencyPenalty: unknown): number | undefined {
  if (typeof frequencyPenalty !== 'number' || frequencyPenalty <= 0) return undefined
  return 1 + Math.min(frequencyPenalty, 2) / 2
}

/** What does not fit is carried out by the readers of the answer, like the rest (`cutStops`). */
function sendableStops(stop: unknown): readonly string[] | undefined {
  const fitting = stopTexts(stop).filter((text) => text.length <= STOP_LENGTH_MAX)
  return fitting.length > 0 ? fitting.slice(0, STOPS_MAX) : undefined
}

/** The type as plain text; a schema cannot be sent, JSON can be asked for. */
function responseFormat(format: unknown): string | undefined {
  if (!isObject(format)) return textOf(format)
  return textOf((jsonObjectForSchema(format) ?? format)['type'])
}

/**
 * OpenAI's models search when they are asked to, and a search counts hundreds of tokens that nobody has reserved
 * (`tool_tokens`). V1's own field says what it likes.
 */
function disableSearch(body: JsonObject, call: Call): boolean | undefined {
  if (typeof body['disable_search'] === 'boolean' || !searchesByDefault(call.upstreamModel)) return undefined
  return !isObject(body['web_search_options'])
}

const BOUND_MIN = 2
const TEMPERATURE_MIN = 0.01
const STOPS_MAX = 4
const STOP_LENGTH_MAX = 20

/** OpenAI's fields that V1 has under the same name and in the same form. */
const KNOWN: ReadonlySet<string> = new Set(['temperature', 'top_p'])

import { type ChatReading, limitAt, readChat } from '../../openai-shape/read-chat.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import { type ChatRules, openaiParametersBut, openaiRules } from '../../openai-shape/rules.ts'
import type { Platform, SimulatedModel, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { admitKey, embeddingUsage, finder, jsonReply, perModel, q, thinksByName } from '../kit.ts'
import { baichuanModels } from './models.ts'
import { baichuanWire } from './wire.ts'

const base = '/baichuan/v1'
const findEmbedding = finder(baichuanModels, 'embedding')

/** Of OpenAI's parameters the sheet lists these; `stream_options` is among those not to be sent. */
const documented = [
  'model',
  'messages',
  'stream',
  'temperature',
  'top_p',
  'max_tokens',
  'tools',
  'tool_choice',
  'response_format',
]

function rules(model: SimulatedModel): ChatRules {
  // The 2, 3 and 4 line takes 2048 at most, whatever the model page says about its output.
  const tokensMax = model.name.startsWith('Baichuan-M') ? (model.outputTokensMax ?? 2048) : 2048
  const second = model.name.startsWith('Baichuan2')
  return {
    ...openaiRules,
    refused: openaiParametersBut(documented),
    ranges: {
      temperature: { min: 0, max: 1 },
      top_p: { min: 0, max: 1, below: true },
      // Larger values are cut to 20 by the platform; only nonsense is refused.
      top_k: { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true },
      max_tokens: { min: 1, max: tokensMax, integer: true },
    },
    choices: { with_search_enhance: [true, false] },
    messages: {
      ...openaiRules.messages,
      roles: second ? ['user', 'assistant'] : ['system', 'user', 'assistant', 'tool'],
      // Only the M line is said to take parts.
      parts: model.name.startsWith('Baichuan-M'),
      images: false,
      emptyContent: false,
    },
    tools: { ...openaiRules.tools, functions: !second, otherTypes: ['web_search', 'retrieval'] },
    responseFormats: ['text', 'json_object'],
  }
}

const reading: ChatReading = {
  findModel: finder(baichuanModels, 'chat'),
  rules: perModel(baichuanModels, rules),
  meaning(body, model) {
    return {
      usage: 'end',
      completionTokensMax: limitAt(body, 'max_tokens') ?? 2048,
      thinking: thinksByName(model) || /-M\d/.test(model.name) ? 'on' : 'off',
    }
  },
  wire: () => baichuanWire,
}

/** Baichuan's own platform. Sheet: baichuan. */
export const baichuan: Platform = {
  protocol: 'baichuan',
  provider: 'baichuan',
  basePath: base,
  credentials: { apiKey: 'sk-sim-baichuan-1' },
  models: baichuanModels,
  metering: { cached: false, reasoning: false, toolCalls: true },
  operations: [
    {
      kind: 'chat',
      method: 'POST',
      path: `${base}/chat/completions`,
      read: (request) => readChat(request, reading),
    },
    {
      kind: 'embedding',
      method: 'POST',
      path: `${base}/embeddings`,
      read: (request) =>
        readEmbeddings(request, {
          findModel: findEmbedding,
          known: [],
          formats: ['float'],
          reply({ model, vectors, tokens }) {
            const data = vectors.map(
              (vector, index) => `{"object":"embedding","embedding":${vector},"index":${index}}`,
            )
            return `{"object":"list","data":[${data.join(',')}],"model":${q(model)}${embeddingUsage(tokens)}}`
          },
        }),
    },
  ],
  admit: (request) => admitKey(request, /^sk-/),
  refuse,
  streamError: () => `data:${errorText('internal_server_error', internalMessage)}\n\n`,
  headers: (request) => ({ 'x-bc-request-id': request.id }),
}

const internalMessage = 'The server had an error while processing your request'

/** Slug in both fields, no param (fixtures error-*). The content filter is a finish reason, not an error. */
function refuse(refusal: Refusal): WireReply | undefined {
  switch (refusal.refused) {
    case 'bad-key':
      return error(401, 'invalid_api_key', 'Incorrect API key provided')
    case 'missing-key':
      return error(401, 'invalid_authentication', 'Invalid Authentication')
    case 'rate-limit':
      return error(429, 'rate_limit_reached', 'Rate limit reached for requests')
    case 'free-quota':
    case 'balance':
      return error(429, 'insufficient_quota', 'Insufficient account balance, please recharge')
    case 'too-long':
      return error(400, 'invalid_request_error', 'The input tokens exceed the context length of the model')
    case 'unknown-model':
    case 'invalid-parameter':
    case 'invalid-messages':
      return error(400, 'invalid_request_error', `Invalid value for parameter: ${refusal.param ?? 'body'}`)
    case 'malformed-json':
      return error(400, 'invalid_request_error', 'Invalid request body')
    case 'content-filter':
      return undefined
    case 'overloaded':
    case 'internal':
      return error(refusal.refused === 'internal' ? 500 : 503, 'internal_server_error', internalMessage)
  }
}

function error(status: number, slug: string, message: string): WireReply {
  return { status, body: errorText(slug, message) }
}

function errorText(slug: string, message: string): string {
  return jsonReply(0, { error: { code: slug, param: null, type: slug, message } }).body
}

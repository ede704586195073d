import { invalid } from '../../openai-shape/check-parameters.ts'
import { type ChatReading, limitAt, readChat, usageAsked } from '../../openai-shape/read-chat.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import { type ChatRules, openaiRules } from '../../openai-shape/rules.ts'
import type { ChatCall } from '../../contract/chat.ts'
import type { Incoming, Platform, SimulatedModel } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'
import { admitKey, embeddingUsage, finder, openaiModelList, perModel, q, thinksByName } from '../kit.ts'
import { qianfanModels } from './models.ts'
import { errorBody, refuse } from './refuse.ts'
import { qianfanWire } from './wire.ts'

const base = '/qianfan/v2'
const findEmbedding = finder(qianfanModels, 'embedding')

/** "Do not send unknown vendor fields": anything else is refused. */
const known = [
  'model',
  'messages',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'penalty_score',
  'repetition_penalty',
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
  'web_search',
  'enable_thinking',
  'thinking_budget',
  'reasoning_effort',
]

function rules(model: SimulatedModel): ChatRules {
  const limit = { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true } as const
  return {
    ...openaiRules,
    known,
    refused: /x1/.test(model.name) ? ['stop'] : [],
    ranges: {
      temperature: { min: 0, max: 1, above: true },
      top_p: { min: 0, max: 1 },
      penalty_score: { min: 1, max: 2 },
      frequency_penalty: { min: -2, max: 2 },
      presence_penalty: { min: -2, max: 2 },
      repetition_penalty: { min: 0, max: 2, above: true },
      seed: { min: 0, max: 2_147_483_647, above: true, below: true, integer: true },
      max_tokens: limit,
      max_completion_tokens: limit,
      thinking_budget: { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true },
    },
    choices: { parallel_tool_calls: [true, false], enable_thinking: [true, false] },
    messages: {
      ...openaiRules.messages,
      roles: ['system', 'user', 'assistant', 'tool'],
      // ERNIE keeps the old service's strict turns.
      alternate: model.name.startsWith('ernie'),
      endsWithUser: model.name.startsWith('ernie'),
      emptyContent: false,
      images: model.vision === true,
    },
    stop: { most: 4, lengthMax: 20, bare: false },
    streamOptions: ['include_usage', 'chunk_include_usage'],
  }
}

function check(body: JsonObject): Refusal | undefined {
  const search = body['web_search']
  return search === undefined || isObject(search)
    ? undefined
    : invalid('web_search', 'web_search should be an object')
}

function thinking(body: JsonObject, model: SimulatedModel): ChatCall['thinking'] {
  if (thinksByName(model) || model.name.endsWith('-think')) return 'on'
  if (body['enable_thinking'] === false) return 'forbidden'
  return body['enable_thinking'] === true ? 'on' : 'off'
}

const reading: ChatReading = {
  findModel: finder(qianfanModels, 'chat'),
  rules: perModel(qianfanModels, rules),
  check,
  meaning(body, model) {
    const both = limitAt(body, 'max_completion_tokens')
    const answer = limitAt(body, 'max_tokens')
    const budget = limitAt(body, 'thinking_budget')
    return {
      usage: usageAsked(body),
      // max_tokens bounds the answer alone; max_completion_tokens bounds thinking as well, and wins.
      ...(both !== undefined
        ? { completionTokensMax: both }
        : answer !== undefined
          ? { answerTokensMax: answer }
          : {}),
      ...(budget === undefined ? {} : { reasoningTokensMax: budget }),
      thinking: thinking(body, model),
    }
  },
  wire: () => qianfanWire,
}

/** Baidu Qianfan, the current interface. Sheet: qianfan, section 3. */
export const qianfanV2: Platform = {
  protocol: 'qianfan-v2',
  provider: 'qianfan',
  basePath: base,
  credentials: { apiKey: 'bce-v3/ALTAK-sim0000000000000001/0000000000000000000000000000000000000001' },
  models: qianfanModels,
  metering: { cached: true, reasoning: true, toolCalls: true },
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
          known: ['user'],
          formats: ['float'],
          reply({ model, vectors, tokens, request: incoming }) {
            const data = vectors.map(
              (vector, index) => `{"object":"embedding","embedding":${vector},"index":${index}}`,
            )
            return `{"id":"as-${incoming.id.replaceAll('-', '')}","object":"embedding_list","created":${incoming.createdAt},"model":${q(model)},"data":[${data.join(',')}]${embeddingUsage(tokens)}}`
          },
        }),
    },
    {
      kind: 'plain',
      method: 'GET',
      path: `${base}/models`,
      open: false,
      answer: () => openaiModelList(qianfanModels, 'qianfan'),
    },
  ],
  admit,
  refuse,
  streamError: (request) =>
    `data: ${q(errorBody('internal_error', 'Internal error', 'internal_error', request))}\n\n`,
  headers: (request) => ({
    'x-baidu-request-id': request.id,
    'x-ratelimit-limit-requests': '3000',
    'x-ratelimit-limit-tokens': '300000',
  }),
}

/** The key, and the optional `appid` header, which must be one of the account's. */
function admit(request: Incoming): { account: string } | Refusal {
  const admitted = admitKey(request, /^bce-v3\/ALTAK-[^/]+\/[^/]+$/)
  const app = request.headers['appid']
  if ('account' in admitted && app !== undefined && !(typeof app === 'string' && /^app-.*sim/.test(app))) {
    return { refused: 'bad-key', variant: 'appid' }
  }
  return admitted
}

import { type ChatReading, limitAt, readChat, usageAsked } from '../../openai-shape/read-chat.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import { type ChatRules, openaiRules } from '../../openai-shape/rules.ts'
import type { ChatCall } from '../../contract/chat.ts'
import type { Platform, SimulatedModel } from '../../contract/platform.ts'
import type { JsonObject } from '../../json.ts'
import { admitKey, embeddingUsage, finder, openaiModelList, perModel, q } from '../kit.ts'
import { tokenhubModels } from './models.ts'
import { errorText, refuse } from './refuse.ts'
import { tokenhubWire } from './wire.ts'

const base = '/tokenhub/v1'
const findEmbedding = finder(tokenhubModels, 'embedding')

function rules(model: SimulatedModel): ChatRules {
  const limit = { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true } as const
  return {
    ...openaiRules,
    ranges: { ...openaiRules.ranges, max_tokens: limit, max_completion_tokens: limit },
    choices: {
      ...openaiRules.choices,
      // The Hy3 models have three levels of their own.
      reasoning_effort: model.name.startsWith('hy3')
        ? ['no_think', 'low', 'high']
        : ['none', 'minimal', 'low', 'medium', 'high'],
    },
    messages: {
      ...openaiRules.messages,
      roles: ['system', 'user', 'assistant', 'tool'],
      images: model.vision === true,
    },
  }
}

function thinking(body: JsonObject): ChatCall['thinking'] {
  const effort = body['reasoning_effort']
  if (effort === 'no_think' || effort === 'none') return 'forbidden'
  return effort === undefined || effort === null ? 'off' : 'on'
}

const reading: ChatReading = {
  findModel: finder(tokenhubModels, 'chat'),
  rules: perModel(tokenhubModels, rules),
  meaning(body) {
    const limit = limitAt(body, 'max_completion_tokens') ?? limitAt(body, 'max_tokens')
    return {
      usage: usageAsked(body),
      ...(limit === undefined ? {} : { completionTokensMax: limit }),
      thinking: thinking(body),
    }
  },
  wire: () => tokenhubWire,
}

/** Tencent TokenHub. Sheet: hunyuan, sections 4 and 5.3. */
export const tokenhub: Platform = {
  protocol: 'tokenhub',
  provider: 'hunyuan',
  basePath: base,
  credentials: { apiKey: 'sk-sim-tokenhub-1' },
  models: tokenhubModels,
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
          known: ['dimensions', 'encoding_format', 'user'],
          formats: ['float', 'base64'],
          reply({ model, vectors, tokens }) {
            const data = vectors.map(
              (vector, index) => `{"object":"embedding","index":${index},"embedding":${vector}}`,
            )
            return `{"object":"list","model":${q(model)},"data":[${data.join(',')}]${embeddingUsage(tokens)}}`
          },
        }),
    },
    {
      kind: 'plain',
      method: 'GET',
      path: `${base}/models`,
      open: false,
      answer: () => openaiModelList(tokenhubModels, 'tencent'),
    },
  ],
  admit: (request) => admitKey(request, /^sk-/),
  refuse,
  streamError: (request) =>
    `data: ${errorText('upstream_error', '502001', 'provider error', 'upstream', request, 'internal_error')}\n\n`,
  headers: (request) => ({ 'x-request-id': request.id }),
}

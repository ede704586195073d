import type { ChatReading } from '../../openai-shape/read-chat.ts'
import { limitAt, readChat, usageAsked } from '../../openai-shape/read-chat.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import { openaiRules } from '../../openai-shape/rules.ts'
import type { Platform } from '../../contract/platform.ts'
import {
  admitKey,
  doneFrame,
  embeddingUsage,
  finder,
  openaiModelList,
  perModel,
  q,
  thinksByName,
} from '../kit.ts'
import { openaiModels } from './models.ts'
import { refuse } from './refuse.ts'
import { openaiWire } from './wire.ts'

const base = '/openai/v1'
const findEmbedding = finder(openaiModels, 'embedding')

const reading: ChatReading = {
  findModel: finder(openaiModels, 'chat'),
  // Fields nobody knows are let through, as most compatible servers do; wrong values of known ones are not.
  rules: perModel(openaiModels, (model) => {
    const limit = { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true } as const
    return {
      ...openaiRules,
      ranges: { ...openaiRules.ranges, max_tokens: limit, max_completion_tokens: limit },
      messages: { ...openaiRules.messages, images: model.vision === true },
    }
  }),
  check: (body) =>
    body['max_tokens'] !== undefined && body['max_completion_tokens'] !== undefined
      ? {
          refused: 'invalid-parameter',
          param: 'max_tokens',
          message: "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
        }
      : undefined,
  meaning(body, model) {
    const limit = limitAt(body, 'max_completion_tokens') ?? limitAt(body, 'max_tokens')
    return {
      usage: usageAsked(body),
      ...(limit === undefined ? {} : { completionTokensMax: limit }),
      thinking: body['reasoning_effort'] === 'none' ? 'forbidden' : thinksByName(model) ? 'on' : 'off',
    }
  },
  wire: () => openaiWire,
  countsAnswerToContext: true,
}

/** A generic OpenAI-compatible upstream, as strict as OpenAI itself. Sheet: openai-compatible. */
export const openai: Platform = {
  protocol: 'openai',
  provider: 'openai-compatible',
  basePath: base,
  credentials: { apiKey: 'sk-sim-openai-1' },
  models: openaiModels,
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
          tokenLists: true,
          reply({ model, vectors, tokens }) {
            const data = vectors.map(
              (vector, index) => `{"object":"embedding","index":${index},"embedding":${vector}}`,
            )
            return `{"object":"list","data":[${data.join(',')}],"model":${q(model)}${embeddingUsage(tokens)}}`
          },
        }),
    },
    {
      kind: 'plain',
      method: 'GET',
      path: `${base}/models`,
      open: false,
      answer: () => openaiModelList(openaiModels, 'simulator'),
    },
  ],
  admit: (request) => admitKey(request, /^sk-/),
  refuse,
  // The form of vLLM: the error event, then the end mark.
  streamError: () =>
    `data: {"error":{"message":"Internal error while generating","type":"InternalServerError","param":null,"code":500}}\n\n${doneFrame}`,
  headers: (request) => ({ 'x-request-id': `req_${request.id.replaceAll('-', '')}` }),
}

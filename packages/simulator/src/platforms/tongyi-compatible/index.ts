import { checkRequest } from '../../bailian/check-request.ts'
import { tongyiModels } from '../../bailian/models.ts'
import { isOpen, thinking } from '../../bailian/thinking.ts'
import { type ChatReading, limitAt, readChat, usageAsked } from '../../openai-shape/read-chat.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import { type ChatRules, openaiParametersBut, openaiRules } from '../../openai-shape/rules.ts'
import type { Platform, SimulatedModel } from '../../contract/platform.ts'
import { admitKey, bearer, embeddingUsage, finder, openaiModelList, perModel, q } from '../kit.ts'
import { refuse } from './refuse.ts'
import { tongyiWire } from './wire.ts'

const base = '/tongyi/compatible-mode/v1'
const findEmbedding = finder(tongyiModels, 'embedding')

/** Listed in the sheet; of OpenAI's parameters all others are "drop". */
const documented = [
  'model',
  'messages',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'stop',
  'presence_penalty',
  'seed',
  'n',
  'response_format',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'logprobs',
  'top_logprobs',
  'reasoning_effort',
]

function rules(model: SimulatedModel): ChatRules {
  const limit = { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true } as const
  // Log probabilities: open models only.
  const closed = isOpen(model) ? [] : ['logprobs', 'top_logprobs']
  return {
    ...openaiRules,
    refused: [...openaiParametersBut(documented), ...closed],
    ranges: {
      ...openaiRules.ranges,
      temperature: { min: 0, max: 2, below: true },
      top_p: { min: 0, max: 1, above: true },
      max_tokens: limit,
      max_completion_tokens: limit,
      seed: { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true },
      thinking_budget: { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true },
    },
    choices: {
      parallel_tool_calls: [true, false],
      enable_thinking: [true, false],
      enable_search: [true, false],
      logprobs: [true, false],
    },
    messages: {
      ...openaiRules.messages,
      roles: ['system', 'user', 'assistant', 'tool'],
      system: 'first',
      images: model.vision === true,
    },
    tools: {
      ...openaiRules.tools,
      // qwen-long takes no tools.
      functions: model.name !== 'qwen-long',
      choices: ['none', 'auto'],
    },
  }
}

const reading: ChatReading = {
  findModel: finder(tongyiModels, 'chat'),
  rules: perModel(tongyiModels, rules),
  check: checkRequest,
  meaning(body, model) {
    const limit = limitAt(body, 'max_completion_tokens') ?? limitAt(body, 'max_tokens')
    const budget = limitAt(body, 'thinking_budget')
    return {
      usage: usageAsked(body),
      // max_tokens bounds the answer alone; thinking comes on top of it, bounded by its own budget.
      ...(limit === undefined ? {} : { answerTokensMax: limit }),
      ...(budget === undefined ? {} : { reasoningTokensMax: budget }),
      thinking: thinking(body, model),
    }
  },
  wire: () => tongyiWire,
}

/** Alibaba Bailian's compatible mode. Sheet: tongyi, sections 4 to 7. */
export const tongyiCompatible: Platform = {
  protocol: 'tongyi-compatible',
  provider: 'tongyi',
  basePath: base,
  credentials: { apiKey: 'sk-sim-tongyi-1' },
  models: tongyiModels,
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
          known: ['dimensions', 'encoding_format'],
          formats: ['float'],
          reply({ model, vectors, tokens, request: incoming }) {
            const data = vectors.map(
              (vector, index) => `{"embedding":${vector},"index":${index},"object":"embedding"}`,
            )
            return `{"data":[${data.join(',')}],"model":${q(model)},"object":"list"${embeddingUsage(tokens)},"id":"${incoming.id}"}`
          },
        }),
    },
    {
      kind: 'plain',
      method: 'GET',
      path: `${base}/models`,
      open: false,
      answer: () => openaiModelList(tongyiModels, 'system'),
    },
  ],
  // Keys of the coding plan look alike and belong to another host.
  admit: (request) =>
    bearer(request)?.startsWith('sk-sp-') === true
      ? { refused: 'bad-key', variant: 'plan' }
      : admitKey(request, /^sk-/),
  refuse,
  streamError: (request) =>
    `data: ${q({
      error: {
        message: 'Output data may contain inappropriate content.',
        type: 'data_inspection_failed',
        param: null,
        code: 'data_inspection_failed',
      },
      request_id: request.id,
    })}\n\n`,
  headers: (request) => ({ 'x-request-id': request.id, 'x-dashscope-timeout': '180' }),
}

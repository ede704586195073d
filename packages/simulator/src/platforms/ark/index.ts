import { invalid } from '../../openai-shape/check-parameters.ts'
import { type ChatReading, limitAt, readChat, usageAsked } from '../../openai-shape/read-chat.ts'
import { type ChatRules, openaiRules } from '../../openai-shape/rules.ts'
import type { ChatCall } from '../../contract/chat.ts'
import type { Platform, SimulatedModel } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'
import { doneFrame, finder, jsonReply, perModel, q } from '../kit.ts'
import { admit } from './admit.ts'
import { readMultimodalEmbeddings, readTextEmbeddings } from './embeddings.ts'
import { modelBehind } from './endpoint-ids.ts'
import { getApiKey } from './get-api-key.ts'
import { arkModels } from './models.ts'
import { refuseControl } from './refuse-control.ts'
import { errorBody, refuse } from './refuse.ts'
import { arkWire } from './wire.ts'

const base = '/ark/api/v3'

const chatModel = finder(arkModels, 'chat')
const embeddingModel = finder(arkModels, 'embedding')
// The answer names the model behind an endpoint.
const findChat = (name: string) => chatModel(modelBehind(name))
const findEmbedding = (name: string) => embeddingModel(modelBehind(name))

function rules(model: SimulatedModel): ChatRules {
  const deep = isDeepThinking(model)
  const penalties = /seed-(1-8|2-|evolving)/.test(model.name) ? ['frequency_penalty', 'presence_penalty'] : []
  return {
    ...openaiRules,
    refused: [
      ...openaiRules.refused,
      ...(deep ? ['stop', 'logprobs', 'top_logprobs', 'logit_bias'] : []),
      ...penalties,
    ],
    ranges: {
      ...openaiRules.ranges,
      top_p: { min: 0, max: 1, above: true },
      max_tokens: { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true },
      max_completion_tokens: { min: 1, max: 65_536, integer: true },
    },
    choices: {
      ...openaiRules.choices,
      reasoning_effort: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
    },
    messages: { ...openaiRules.messages, images: model.vision === true },
    // Forcing a tool begins with Seed 1.6.
    tools: model.name.startsWith('doubao-1-5')
      ? { ...openaiRules.tools, choices: ['auto', 'none'], named: false }
      : openaiRules.tools,
    stop: { most: model.name.startsWith('deepseek') ? 16 : 4, bare: true },
    streamOptions: ['include_usage', 'chunk_include_usage'],
  }
}

function isDeepThinking(model: SimulatedModel): boolean {
  return /seed|-r1/.test(model.name)
}

function check(body: JsonObject): Refusal | undefined {
  if (body['max_tokens'] !== undefined && body['max_completion_tokens'] !== undefined) {
    return invalid('max_tokens', 'max_tokens and max_completion_tokens cannot be set at the same time')
  }
  const asked = body['thinking']
  if (asked === undefined) return undefined
  const good = isObject(asked) && ['enabled', 'disabled', 'auto'].includes(String(asked['type']))
  return good ? undefined : invalid('thinking.type', 'thinking.type')
}

function thinking(body: JsonObject, model: SimulatedModel): ChatCall['thinking'] {
  const asked = isObject(body['thinking']) ? body['thinking']['type'] : undefined
  if (asked === 'disabled' || body['reasoning_effort'] === 'none') return 'forbidden'
  return asked === 'enabled' || isDeepThinking(model) ? 'on' : 'off'
}

const reading: ChatReading = {
  findModel: findChat,
  rules: perModel(arkModels, rules),
  check,
  meaning(body, model) {
    const both = limitAt(body, 'max_completion_tokens')
    return {
      usage: usageAsked(body),
      // max_tokens bounds the answer alone and is 4096 unless set; max_completion_tokens bounds thinking as well.
      ...(both === undefined
        ? { answerTokensMax: limitAt(body, 'max_tokens') ?? 4096 }
        : { completionTokensMax: both }),
      thinking: thinking(body, model),
    }
  },
  wire: () => arkWire,
}

/** Volcengine's Ark. Sheet: ark, sections 2 to 5. */
export const ark: Platform = {
  protocol: 'ark',
  provider: 'ark',
  basePath: base,
  credentials: { apiKey: 'ark-51510000-0000-4000-8000-000000000001-sim01' },
  signedCredentials: {
    accessKeyId: 'AKLTsimArk000000000000000000000000000000000001',
    secretAccessKey: 'AKLTsimArk000000000000000000000000000000000001-secret',
  },
  models: arkModels,
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
      read: (request) => readTextEmbeddings(request, findEmbedding),
    },
    {
      kind: 'embedding',
      method: 'POST',
      path: `${base}/embeddings/multimodal`,
      read: (request) => readMultimodalEmbeddings(request, findEmbedding),
    },
    { kind: 'plain', method: 'GET', path: `${base}/models`, open: false, answer: modelList },
    // The control plane, whose host has one path for everything.
    {
      kind: 'session',
      method: 'POST',
      path: '/',
      action: 'GetApiKey',
      open: getApiKey,
      refuse: refuseControl,
    },
  ],
  admit,
  refuse,
  streamError: (request) =>
    `data: ${q(
      errorBody(
        {
          code: 'OutputTextSensitiveContentDetected',
          message: 'The request failed because the output text may contain sensitive information.',
          type: 'BadRequest',
        },
        request,
      ),
    )}\n\n${doneFrame}`,
  headers(request) {
    const own = request.headers['x-client-request-id']
    return {
      'x-request-id': request.id,
      ...(typeof own === 'string' ? { 'x-client-request-id': own } : {}),
    }
  },
}

function modelList() {
  const data = arkModels.map((model) => {
    const [, name = model.name, version = ''] = /^(.*)-(\d{6})$/.exec(model.name) ?? []
    const domain = model.kind === 'chat' ? 'LLM' : 'Embedding'
    const status = name.startsWith('doubao-1-5') ? 'Retiring' : ''
    return {
      id: model.name,
      object: 'model',
      created: 1767225600,
      owned_by: '',
      name,
      version,
      domain,
      status,
    }
  })
  return jsonReply(200, { object: 'list', data })
}

import { type ChatReading, limitAt, readChat, usageAsked } from '../../openai-shape/read-chat.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import { type ChatRules, openaiParametersBut, openaiRules } from '../../openai-shape/rules.ts'
import type { Platform, SimulatedModel, WireReply } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { admitKey, embeddingUsage, finder, jsonReply, perModel, q, thinksByName } from '../kit.ts'
import { hunyuanModels } from '../hunyuan-models.ts'
import { hunyuanWire } from './wire.ts'

const base = '/hunyuan/v1'
const findEmbedding = finder(hunyuanModels, 'embedding')

/** Listed in the sheet, section 3. */
const documented = [
  'model',
  'messages',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'max_tokens',
  'seed',
  'stop',
  'tools',
  'tool_choice',
]

function rules(model: SimulatedModel): ChatRules {
  return {
    ...openaiRules,
    refused: openaiParametersBut(documented),
    ranges: {
      temperature: { min: 0, max: 2 },
      top_p: { min: 0, max: 1 },
      seed: { min: 1, max: 10_000, integer: true },
      max_tokens: { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true },
    },
    choices: { enable_enhancement: [true, false], force_search_enhancement: [true, false] },
    messages: {
      roles: ['system', 'user', 'assistant', 'tool'],
      system: 'first',
      alternate: true,
      endsWithUser: true,
      most: 40,
      emptyContent: false,
      // The vendor keeps lists of parts to vision models.
      parts: model.vision === true,
      images: model.vision === true,
      // Thinking must never be sent back.
      refusedFields: ['reasoning_content'],
    },
    tools: { ...openaiRules.tools, choices: ['none', 'auto', 'custom'], named: false },
  }
}

const reading: ChatReading = {
  findModel: finder(hunyuanModels, 'chat'),
  rules: perModel(hunyuanModels, rules),
  meaning(body, model) {
    // hunyuan-a13b thinks by default, the t1 line always.
    const thinks = thinksByName(model) || model.name === 'hunyuan-a13b'
    const forbidden = model.name === 'hunyuan-a13b' && body['enable_thinking'] === false
    return {
      usage: usageAsked(body),
      completionTokensMax: limitAt(body, 'max_tokens') ?? 4096,
      thinking: forbidden ? 'forbidden' : thinks ? 'on' : 'off',
    }
  },
  wire: () => hunyuanWire,
  cutsLongPrompts: true,
  stopKept: true,
}

/** Tencent's old compatible endpoint. Sheet: hunyuan, sections 3 and 5.2. */
export const hunyuanOpenai: Platform = {
  protocol: 'hunyuan-openai',
  provider: 'hunyuan',
  basePath: base,
  credentials: { apiKey: 'sk-sim-hunyuan-1' },
  models: hunyuanModels,
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
              (vector, index) => `{"object":"embedding","index":${index},"embedding":${vector}}`,
            )
            return `{"object":"list","model":${q(model)},"data":[${data.join(',')}]${embeddingUsage(tokens)}}`
          },
        }),
    },
  ],
  admit: (request) => admitKey(request, /^sk-/),
  refuse,
  streamError: () => `data: ${errorText('服务内部错误，请稍后重试', 'runtime_error', '2000')}\n\n`,
  headers: (request) => ({ 'x-request-id': request.id }),
}

/**
 * Fixtures openai-error-*. The rate limit is an HTTP 400 with code 2003 (captured); the other codes are guesses of the
 * fixtures, their words are from the vendor's error table.
 */
function refuse(refusal: Refusal): WireReply {
  const invalid = 'invalid_request_error'
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return error(401, 'Incorrect API key provided', invalid, 'invalid_api_key')
    case 'unknown-model':
      return error(404, `The model \`${refusal.model ?? ''}\` does not exist`, invalid, 'model_not_found')
    case 'rate-limit':
      return error(400, '请求限频，请稍后重试', 'runtime_error', '2003')
    case 'free-quota':
      return error(400, '资源包余量已用尽，请购买资源包或开通后付费', 'runtime_error', '2001')
    case 'balance':
      return error(400, '账号已欠费，服务已停用', 'runtime_error', '2001')
    case 'content-filter':
      return error(400, '文本包含违法违规信息，审核不通过', 'runtime_error', '2002')
    case 'too-long':
      return error(400, 'prompt is too long', invalid, '400')
    case 'malformed-json':
      return error(400, 'invalid request body', invalid, '400')
    case 'invalid-parameter':
    case 'invalid-messages':
      return error(400, refusal.message ?? 'invalid parameter', invalid, '400')
    case 'overloaded':
      return error(503, '服务繁忙，请稍后重试', 'runtime_error', '2004')
    case 'internal':
      return error(500, '服务内部错误，请稍后重试', 'runtime_error', '2000')
  }
}

function error(status: number, message: string, type: string, code: string): WireReply {
  return { status, body: errorText(message, type, code) }
}

function errorText(message: string, type: string, code: string): string {
  return jsonReply(0, { error: { message, type, code } }).body
}

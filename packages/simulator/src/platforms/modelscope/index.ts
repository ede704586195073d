import { type ChatReading, limitAt, readChat, usageAsked } from '../../openai-shape/read-chat.ts'
import { readEmbeddings } from '../../openai-shape/read-embeddings.ts'
import { invalid } from '../../openai-shape/check-parameters.ts'
import { type ChatRules, openaiRules } from '../../openai-shape/rules.ts'
import type { ChatCall } from '../../contract/chat.ts'
import type {
  Books,
  Incoming,
  Platform,
  PlainOperation,
  SimulatedModel,
  WireReply,
} from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { JsonObject } from '../../json.ts'
import {
  admitKey,
  embeddingUsage,
  finder,
  jsonReply,
  openaiModelList,
  perModel,
  q,
  thinksByName,
} from '../kit.ts'
import { balanceOf, balanceReply, magicubesOf } from './magicubes.ts'
import { modelscopeModels } from './models.ts'
import { modelscopeWire } from './wire.ts'

const base = '/modelscope/v1'
const findEmbedding = finder(modelscopeModels, 'embedding')

/** Nothing is documented beyond OpenAI's names, so only what the DashScope backend refuses is refused here. */
function rules(model: SimulatedModel): ChatRules {
  return {
    ...openaiRules,
    ranges: {
      ...openaiRules.ranges,
      max_tokens: { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true },
    },
    choices: { ...openaiRules.choices, enable_thinking: [true, false] },
    messages: { ...openaiRules.messages, roles: ['system', 'user', 'assistant', 'tool'], images: true },
  }
}

/** The open Qwen3 models of the first generation think unless told not to, and not without a stream. */
function thinksByDefault(model: SimulatedModel): boolean {
  return model.name === 'Qwen/Qwen3-235B-A22B'
}

function thinking(body: JsonObject, model: SimulatedModel): ChatCall['thinking'] {
  if (thinksByName(model)) return 'on'
  if (body['enable_thinking'] === false) return 'forbidden'
  return body['enable_thinking'] === true || thinksByDefault(model) ? 'on' : 'off'
}

const reading: ChatReading = {
  findModel: finder(modelscopeModels, 'chat'),
  rules: perModel(modelscopeModels, rules),
  check: (body, model) =>
    body['stream'] !== true && thinksByDefault(model) && thinking(body, model) === 'on'
      ? invalid('enable_thinking', 'parameter.enable_thinking must be set to false for non-streaming calls')
      : undefined,
  meaning(body, model) {
    const limit = limitAt(body, 'max_tokens') ?? limitAt(body, 'max_completion_tokens')
    return {
      usage: usageAsked(body),
      ...(limit === undefined ? {} : { completionTokensMax: limit }),
      thinking: thinking(body, model),
    }
  },
  wire: () => modelscopeWire,
}

const balance = (path: string): PlainOperation => ({
  kind: 'plain',
  method: 'GET',
  path,
  open: false,
  answer: (request, account, books) => balanceReply(request, account ?? '', books),
})

/** ModelScope API-Inference. Sheet: modelscope. */
export const modelscope: Platform = {
  protocol: 'modelscope',
  provider: 'modelscope',
  basePath: base,
  credentials: { apiKey: 'ms-sim-modelscope-1' },
  models: modelscopeModels,
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
            return `{"object":"list","data":[${data.join(',')}],"model":${q(model)}${embeddingUsage(tokens)}}`
          },
        }),
    },
    {
      kind: 'plain',
      method: 'GET',
      path: `${base}/models`,
      // Answers without or with a wrong token: useless as a test of a key.
      open: true,
      answer: () => openaiModelList(modelscopeModels, ''),
    },
    // The account API lives on another host; here it is beside the base path and at the root.
    balance('/modelscope/openapi/v1/magicubes/balance'),
    balance('/openapi/v1/magicubes/balance'),
  ],
  admit: (request) => admitKey(request, /^ms-/),
  allow,
  refuse,
  streamError: (request) =>
    `data: ${q({ errors: { message: 'internal error', request_id: request.id } })}\n\n`,
  headers: (request) => ({ 'x-request-id': request.id }),
}

/** Calls are only limited by magicubes once an allowance was set: tests would run out of the daily 250. */
function allow(
  call: { readonly account: string; readonly model: string },
  books: Books,
): Refusal | undefined {
  if (books.magicubes('modelscope', call.account) === undefined) return undefined
  const { total, spent, frozen } = balanceOf(call.account, books)
  return spent + frozen + magicubesOf(call.model) > total
    ? { refused: 'free-quota', variant: 'magicubes', model: call.model }
    : undefined
}

/** Bodies differ by the backend that answers (fixtures error-*). */
function refuse(refusal: Refusal, request: Incoming): WireReply {
  switch (refusal.refused) {
    case 'bad-key':
    case 'missing-key':
      return plain(401, {
        message: 'Authentication failed, please make sure that a valid ModelScope token is supplied.',
      })
    case 'unknown-model':
      return jsonReply(400, {
        errors: {
          message: `Model id : ${refusal.model ?? ''} , has no provider supported`,
          request_id: request.id,
        },
      })
    case 'invalid-messages':
    case 'invalid-parameter':
    case 'malformed-json':
      return dashscope(400, refusal.message ?? 'invalid request body', request)
    case 'too-long':
      return dashscope(
        400,
        `<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, ${refusal.allowed ?? 0}]`,
        request,
      )
    case 'content-filter':
      return jsonReply(400, {
        error: {
          message: 'Input data may contain inappropriate content.',
          type: 'data_inspection_failed',
          param: null,
          code: 'data_inspection_failed',
        },
        request_id: request.id,
      })
    case 'rate-limit':
      return plain(429, {
        code: 'insufficient_quota',
        message: 'You exceeded your current quota, please check your plan and billing details.',
      })
    case 'free-quota':
      return plain(429, {
        // The wording for spent magicubes is not known; the daily limit's names the model.
        message:
          refusal.variant === 'magicubes'
            ? 'Insufficient magicubes balance for this call, please try again tomorrow'
            : `You have exceeded today's quota for model ${refusal.model ?? ''}, please try again tomorrow`,
      })
    case 'balance':
      return plain(429, { code: 'insufficient_quota', message: 'Free allocated quota exceeded.' })
    case 'overloaded':
    case 'internal':
      return jsonReply(refusal.refused === 'internal' ? 500 : 503, {
        errors: { message: 'internal error', request_id: request.id },
      })
  }
}

function plain(status: number, error: unknown): WireReply {
  return jsonReply(status, { error })
}

function dashscope(status: number, message: string, request: Incoming): WireReply {
  return jsonReply(status, {
    error: { message, type: 'invalid_request_error', param: null, code: 'invalid_parameter_error' },
    request_id: request.id,
  })
}

import { invalid } from '../../openai-shape/check-parameters.ts'
import { type ChatReading, limitAt, readChat } from '../../openai-shape/read-chat.ts'
import { type ChatRules, openaiParametersBut, openaiRules } from '../../openai-shape/rules.ts'
import type { ChatOperation, Platform, SimulatedModel } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import type { JsonObject } from '../../json.ts'
import { admitKey, finder, perModel } from '../kit.ts'
import {
  isCapable,
  isThinking,
  outputTokensDefault,
  searchOf,
  sparkModels,
  thinkingOf,
} from '../spark-kit.ts'
import { refuse, streamError } from './refuse.ts'
import { sparkWire } from './wire.ts'

/** Listed in the sheet, section 2.1; `stream_options`, `stop`, `seed` and the rest are not to be sent. */
const documented = [
  'model',
  'messages',
  'stream',
  'temperature',
  'top_p',
  'presence_penalty',
  'frequency_penalty',
  'max_tokens',
  'response_format',
  'tools',
  'tool_choice',
  'user',
]

function rules(model: SimulatedModel): ChatRules {
  const able = isCapable(model)
  return {
    ...openaiRules,
    refused: openaiParametersBut(documented),
    ranges: {
      temperature: { min: 0, max: 2 },
      top_p: { min: 0, max: 1, above: true },
      top_k: { min: 1, max: 6, integer: true },
      // Sources differ; these are the values every source accepts.
      presence_penalty: { min: 0, max: 2 },
      frequency_penalty: { min: 0, max: 1 },
      max_tokens: { min: 1, max: model.outputTokensMax ?? 4096, integer: true },
    },
    choices: { tool_calls_switch: [true, false], keep_alive: [true, false] },
    messages: {
      ...openaiRules.messages,
      roles: able ? ['system', 'user', 'assistant', 'tool'] : ['user', 'assistant'],
      system: 'first',
      alternate: true,
      endsWithUser: true,
      emptyContent: false,
      parts: false,
      images: false,
    },
    tools: {
      functions: able,
      otherTypes: ['web_search'],
      namePattern: /^[A-Za-z0-9_]{1,32}$/,
      choices: ['auto', 'none', 'required'],
      named: true,
    },
    responseFormats: ['text', 'json_object'],
  }
}

function check(body: JsonObject): Refusal | undefined {
  const asked = body['thinking']
  return asked === undefined || isThinking(asked)
    ? undefined
    : invalid('thinking.type', 'thinking.type is not valid')
}

/** The same name means another model on another path, so every path has a list of its own. */
function chatAt(path: string, models: readonly SimulatedModel[]): ChatOperation {
  const reading: ChatReading = {
    findModel: finder(models, 'chat'),
    rules: perModel(models, rules),
    check,
    meaning: (body, model) => ({
      usage: 'end',
      completionTokensMax: limitAt(body, 'max_tokens') ?? outputTokensDefault(model),
      thinking: thinkingOf(body['thinking'], model),
    }),
    wire: (body) => sparkWire(body['tool_calls_switch'] === true),
    // A bare object has room for one call.
    parallelTools: (body) => body['tool_calls_switch'] === true,
    promptSurcharge: (body, model) => searchOf(body['tools'], model).tokens,
  }
  return {
    kind: 'chat',
    method: 'POST',
    path: `/spark/${path}/chat/completions`,
    read: (request) => readChat(request, reading),
  }
}

const versioned = sparkModels.filter((model) => model.name !== 'spark-x')
const x = sparkModels.filter((model) => model.name === 'spark-x')

/** iFlytek Spark over HTTP. Sheet: spark, section 2. `/v2` is X1.5 and `/x2` is X2, both under the name spark-x. */
export const sparkHttp: Platform = {
  protocol: 'spark-http',
  provider: 'spark',
  basePath: '/spark/v1',
  credentials: { apiPassword: 'simSparkPassword0001:simSparkSecret0001' },
  models: versioned,
  alternatives: [
    { basePath: '/spark/v2', models: x },
    { basePath: '/spark/x2', models: x },
  ],
  // Function calls report no completion tokens, and neither cache nor thinking is reported apart.
  metering: { cached: false, reasoning: false, toolCalls: false },
  operations: [chatAt('v1', versioned), chatAt('v2', x), chatAt('x2', x)],
  admit: (request) => admitKey(request, /./),
  refuse,
  streamError,
  headers: () => ({}),
}

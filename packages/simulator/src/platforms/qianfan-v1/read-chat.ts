import type { ChatCall } from '../../contract/chat.ts'
import type { Incoming, SimulatedModel } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'
import { type JsonObject, parseObject } from '../../json.ts'
import { checkParameters, invalid } from '../../openai-shape/check-parameters.ts'
import { limitAt } from '../../openai-shape/read-chat.ts'
import { type ChatRules, openaiRules } from '../../openai-shape/rules.ts'
import { checkMessages } from './check-messages.ts'
import { countPrompt, lastWord } from './count-prompt.ts'
import { perModel } from '../kit.ts'
import { modelAt, pathModels, suffixOf } from './models.ts'
import { readFunctions } from './read-functions.ts'
import { pathWire } from './wire.ts'

/** Sheet 2.2 and the parameter lists of the vendor's SDK. `model` and `extra_parameters` are what that SDK adds. */
const known = [
  'messages',
  'system',
  'stream',
  'temperature',
  'top_p',
  'penalty_score',
  'stop',
  'max_output_tokens',
  'response_format',
  'functions',
  'tool_choice',
  'user_id',
  'user_setting',
  'disable_search',
  'enable_citation',
  'enable_trace',
  'enable_system_memory',
  'system_memory_id',
  'model',
  'extra_parameters',
]

const flags = ['disable_search', 'enable_citation', 'enable_trace', 'enable_system_memory']

/** What the filter says in place of an answer (fixture v1-chat-unsafe). */
const filteredText = '这个问题我无法回答，我们换个话题吧。'

/** Reads a chat request whose model is the last step of its path, strictly. */
export function readChat(request: Incoming): ChatCall | Refusal {
  const model = modelAt(request.path, 'chat')
  if (model === undefined) return { refused: 'unknown-model', model: suffixOf(request.path) }
  const body = parseObject(request.body)
  if (body === undefined) return { refused: 'malformed-json', model: model.name }
  const refusal = check(body, model)
  if (refusal !== undefined) return { model: model.name, ...refusal }
  const offer = readFunctions(body)
  if (isRefusal(offer)) return { model: model.name, ...offer }

  const promptTokens = countPrompt(body)
  const allowed = model.contextTokens ?? Number.POSITIVE_INFINITY
  if (promptTokens > allowed) return { refused: 'too-long', model: model.name, found: promptTokens, allowed }
  const stream = body['stream'] === true
  const answerTokensMax = limitAt(body, 'max_output_tokens') ?? model.outputTokensMax
  return {
    model,
    modelShown: model.name,
    promptTokens,
    ...lastWord(body),
    stream,
    usage: stream ? 'every' : 'end',
    ...(answerTokensMax === undefined ? {} : { answerTokensMax }),
    thinking: 'forbidden',
    ...offer,
    parallelTools: false,
    ...(body['response_format'] === 'json_object' ? { json: {} } : {}),
    stop: Array.isArray(body['stop']) ? body['stop'] : [],
    filteredText,
    wire: pathWire(model.early !== true),
  }
}

function check(body: JsonObject, model: SimulatedModel): Refusal | undefined {
  // A plain word here, where OpenAI has an object.
  const { response_format: format, ...rest } = body
  return (
    checkParameters(rest, rulesOf(model)) ??
    checkTexts(body) ??
    (format === undefined || format === 'text' || format === 'json_object'
      ? undefined
      : invalid('response_format', 'response_format should be one of ["text","json_object"]')) ??
    checkMessages(body['messages'], Array.isArray(body['functions']))
  )
}

const rulesOf = perModel(pathModels, rules)

function rules(model: SimulatedModel): ChatRules {
  return {
    ...openaiRules,
    known,
    refused: [],
    ranges: {
      temperature: { min: 0, max: 1, above: true },
      top_p: { min: 0, max: 1 },
      penalty_score: { min: 1, max: 2 },
      max_output_tokens: { min: 2, max: model.outputTokensMax ?? 2_048, integer: true },
    },
    choices: Object.fromEntries(flags.map((name) => [name, [true, false]])),
    stop: { most: 4, lengthMax: 20, bare: false },
  }
}

function checkTexts(body: JsonObject): Refusal | undefined {
  for (const name of ['system', 'user_id', 'user_setting', 'system_memory_id']) {
    const value = body[name]
    if (value === undefined || typeof value === 'string') continue
    return { ...invalid(name, `${name} should be a string`), variant: name === 'system' ? name : 'type' }
  }
  return undefined
}

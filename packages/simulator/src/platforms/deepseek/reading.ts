import { type ChatReading, limitAt, readChat } from '../../openai-shape/read-chat.ts'
import { type ChatRules, openaiParametersBut, openaiRules } from '../../openai-shape/rules.ts'
import type { ChatCall } from '../../contract/chat.ts'
import type { Incoming, SimulatedModel } from '../../contract/platform.ts'
import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'
import { perModel } from '../kit.ts'
import { deepseekModels, findModel } from './models.ts'
import { deepseekWire } from './wire.ts'

/** The platform's own list of parameters; OpenAI's others are refused here, to show that they need not be sent. */
const documented = [
  'model',
  'messages',
  'frequency_penalty',
  'logprobs',
  'max_tokens',
  'presence_penalty',
  'reasoning_effort',
  'response_format',
  'stop',
  'stream',
  'stream_options',
  'temperature',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
]

function rules(model: SimulatedModel): ChatRules {
  return {
    ...openaiRules,
    refused: openaiParametersBut(documented),
    ranges: {
      ...openaiRules.ranges,
      max_tokens: { min: 1, max: model.outputTokensMax ?? Number.MAX_SAFE_INTEGER, integer: true },
    },
    choices: {
      logprobs: [true, false],
      reasoning_effort: ['minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'],
    },
    // Sheet, section 6: a string is wanted where OpenAI has a list of parts.
    messages: { ...openaiRules.messages, roles: ['system', 'user', 'assistant', 'tool'], parts: false },
    responseFormats: ['text', 'json_object'],
    stop: { most: 16, bare: true },
  }
}

/** On unless switched off (api-docs.deepseek.com/guides/thinking_mode). */
function thinking(body: JsonObject): ChatCall['thinking'] {
  return isObject(body['thinking']) && body['thinking']['type'] === 'disabled' ? 'forbidden' : 'on'
}

function check(body: JsonObject): Refusal | undefined {
  const asked = body['thinking']
  if (asked !== undefined && !(isObject(asked) && ['enabled', 'disabled'].includes(String(asked['type'])))) {
    return refused('thinking', 'thinking: unknown variant, expected `enabled` or `disabled`')
  }
  const choice = body['tool_choice']
  const forced = choice === 'required' || isObject(choice)
  if (thinking(body) === 'on' && forced) {
    return refused('tool_choice', 'Thinking mode does not support this tool_choice')
  }
  if (thinking(body) === 'on' && callsWithoutThinking(body)) {
    const message = 'The `reasoning_content` in the thinking mode must be passed back to the API.'
    return refused('messages', message)
  }
  const format = body['response_format']
  if (isObject(format) && format['type'] === 'json_object' && !saysJson(body)) {
    const message =
      "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'."
    return refused('response_format', message)
  }
  return undefined
}

/** A refusal whose words are the platform's own. */
function refused(param: string, message: string): Refusal {
  return { refused: 'invalid-parameter', variant: 'worded', param, message }
}

function callsWithoutThinking(body: JsonObject): boolean {
  return messagesOf(body).some((message) => {
    const calls = message['tool_calls']
    const thought = message['reasoning_content']
    return Array.isArray(calls) && calls.length > 0 && (typeof thought !== 'string' || thought === '')
  })
}

function saysJson(body: JsonObject): boolean {
  return messagesOf(body).some(
    ({ role, content }) => role !== 'assistant' && typeof content === 'string' && /json/i.test(content),
  )
}

function messagesOf(body: JsonObject): JsonObject[] {
  return Array.isArray(body['messages']) ? body['messages'].filter(isObject) : []
}

const reading: ChatReading = {
  findModel,
  rules: perModel(deepseekModels, rules),
  check,
  meaning(body) {
    const limit = limitAt(body, 'max_tokens')
    return {
      // Sheet, section 3: on the finish chunk, asked for or not.
      usage: 'end',
      // Thinking and answer together.
      ...(limit === undefined ? {} : { completionTokensMax: limit }),
      thinking: thinking(body),
    }
  },
  wire: () => deepseekWire,
  countsAnswerToContext: true,
}

export function readDeepseekChat(request: Incoming): ChatCall | Refusal {
  return readChat(request, reading)
}

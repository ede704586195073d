import type { Call, ChatAnswer, EmbeddingAnswer, Refusal } from '../../src/contract/index.ts'
import { isObject, parseJson } from '../../src/wire/json.ts'
import { claim, isCount, isName, isText } from './claim.ts'
import { claimError } from './claim-error.ts'
import { claimUsage, claimUsageObject } from './claim-usage.ts'

/** A whole answer is OpenAI's, or a refusal. */
export function claimAnswer(answer: ChatAnswer | Refusal, call: Call): void {
  if (!answer.ok) return claimError(answer.error, call)
  const body = parsed(answer.body)
  claim(isName(body['id']) && body['object'] === 'chat.completion', 'an answer of OpenAI', body)
  claim(isCount(body['created']) && isName(body['model']), 'an answer has a time and a model', body)
  const choices = body['choices']
  claim(Array.isArray(choices) && choices.length > 0, 'an answer has choices', body)
  for (const choice of choices) claimChoice(choice)
  if (body['usage'] != null) claimUsageObject(body['usage'])
  claimUsage(answer.usage)
  claim(
    [undefined, ...finishReasons].includes(answer.finishReason),
    'a reason of OpenAI',
    answer.finishReason,
  )
  claim(isCount(answer.outputBytes), 'output is counted in whole bytes', answer.outputBytes)
  claimName(answer.upstreamId)
  claimName(answer.model)
}

/** Embeddings are OpenAI's list, or a refusal. */
export function claimEmbeddings(answer: EmbeddingAnswer | Refusal, call: Call): void {
  if (!answer.ok) return claimError(answer.error, call)
  const body = parsed(answer.body)
  const { object, data, usage } = body
  claim(object === 'list' && Array.isArray(data) && data.length > 0, 'a list of embeddings', body)
  data.forEach((item: unknown, index) => {
    claim(
      isObject(item) && item['index'] === index && item['object'] === 'embedding',
      'an embedding has a place',
      item,
    )
    const vector = item['embedding']
    claim(isText(vector) || (Array.isArray(vector) && vector.every(Number.isFinite)), 'a vector', vector)
  })
  claimUsage(answer.usage)
  if (usage != null) claimUsageObject(usage)
  claimName(answer.upstreamId)
}

const finishReasons: readonly unknown[] = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call']

function claimChoice(choice: unknown): void {
  claim(isObject(choice) && isCount(choice['index']), 'a choice has a place', choice)
  const { message, finish_reason: reason } = choice
  claim(reason === null || finishReasons.includes(reason), 'null, or a reason of OpenAI', reason)
  claim(isObject(message) && isText(message['role']), 'a message has a role', message)
  for (const name of ['content', 'reasoning_content', 'refusal']) {
    claim(
      message[name] == null || typeof message[name] === 'string',
      `${name} is text or null`,
      message[name],
    )
  }
  const calls: unknown = message['tool_calls'] ?? []
  claim(Array.isArray(calls), 'tool calls are a list', calls)
  const ids = calls.map((call: unknown) => (isObject(call) ? call['id'] : undefined))
  claim(new Set(ids).size === ids.length, 'ids are distinct', ids)
  for (const call of calls) {
    claim(
      isObject(call) && isText(call['id']) && isText(call['type']),
      'a tool call has an id and a type',
      call,
    )
    const fn = call['function']
    claim(
      fn === undefined || (isObject(fn) && typeof fn['arguments'] === 'string'),
      'arguments are text',
      call,
    )
  }
}

function claimName(name: string | undefined): void {
  claim(name === undefined || isName(name), 'a name is text, or absent', name)
}

function parsed(body: Uint8Array | string): Record<string, unknown> {
  const text = typeof body === 'string' ? body : utf8.decode(body)
  const value = parseJson(text)
  claim(isObject(value), 'an answer is a JSON object', text)
  return value
}

/** A byte order mark is no JSON to a client. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

import type { Call } from '../contract/index.ts'
import { finishReasonOf } from './finish-reason.ts'
import { indexOf, isObject, nameOf, secondsOf, textOf, type JsonObject, type MutableJson } from './json.ts'
import { dropOddFields } from './odd-fields.ts'
import { ToolCallPieces } from './tool-calls.ts'
import { isOpenAiUsage, openAiUsage } from './usage.ts'

export interface RepairedAnswer {
  readonly changed: boolean
  /** UTF-8 bytes of text, reasoning and tool calls. */
  readonly outputBytes: number
  readonly finishReason: string | undefined
}

/**
 * Brings a whole answer into OpenAI's form, in place. `usage` is the object found in it, wherever it stood.
 * Leaves everything alone that a client of OpenAI does not mind, vendor fields included.
 */
export function repairAnswer(answer: MutableJson, call: Call, usage: JsonObject | undefined): RepairedAnswer {
  let changed = false
  const put = (target: MutableJson, key: string, value: unknown) => {
    if (target[key] === value) return
    target[key] = value
    changed = true
  }
  if (nameOf(answer['id']) === undefined) put(answer, 'id', `chatcmpl-${call.requestId}`)
  put(answer, 'object', 'chat.completion')
  put(answer, 'created', secondsOf(answer['created']) ?? Math.floor(call.nowMs / 1000))
  if (nameOf(answer['model']) === undefined) put(answer, 'model', call.upstreamModel)
  if (usage !== undefined && (answer['usage'] !== usage || !isOpenAiUsage(usage))) {
    put(answer, 'usage', openAiUsage(usage))
  } else if (usage === undefined && 'usage' in answer && answer['usage'] !== null) {
    delete answer['usage']
    changed = true
  }

  let outputBytes = 0
  let finishReason: string | undefined
  const given: readonly unknown[] = Array.isArray(answer['choices']) ? answer['choices'] : []
  const choices = given.filter(isObject)
  if (choices.length < given.length) put(answer, 'choices', choices)
  choices.forEach((choice, position) => {
    put(choice, 'index', indexOf(choice['index']) ?? position)
    if ('usage' in choice) {
      delete choice['usage']
      changed = true
    }
    const message = isObject(choice['message']) ? choice['message'] : {}
    put(choice, 'message', message)
    if (textOf(message['role']) === undefined) put(message, 'role', 'assistant')
    if (message['content'] === undefined) put(message, 'content', null)
    if ('reasoning' in message && textOf(message['reasoning_content']) === undefined) {
      put(message, 'reasoning_content', message['reasoning'])
      delete message['reasoning']
    }
    if (dropOddFields(message)) changed = true
    const toolCalls = repairToolCalls(message, call)
    if (toolCalls.changed) changed = true
    let reason = finishReasonOf(choice['finish_reason'])
    if (reason === 'stop' && toolCalls.count > 0) reason = 'tool_calls'
    put(choice, 'finish_reason', reason)
    finishReason ??= reason ?? undefined
    outputBytes +=
      toolCalls.bytes + bytesOfText(message['content']) + bytesOfText(message['reasoning_content'])
    outputBytes += bytesOfText(message['refusal']) + bytesOfFunctionCall(message['function_call'])
  })
  return { changed, outputBytes, finishReason }
}

/** Ids, types and arguments as OpenAI sends them. An `index` beside them (DashScope) is left where it is. */
function repairToolCalls(
  message: MutableJson,
  call: Call,
): { readonly changed: boolean; readonly count: number; readonly bytes: number } {
  const calls = Array.isArray(message['tool_calls']) ? message['tool_calls'].filter(isObject) : []
  const ids = new Set<unknown>()
  let changed = false
  let bytes = 0
  calls.forEach((toolCall, position) => {
    // The results of two calls could not be told apart.
    if (ids.has(toolCall['id'])) delete toolCall['id']
    ids.add(toolCall['id'])
    const hadIndex = 'index' in toolCall
    const before = toolCall['index']
    const pieces = new ToolCallPieces(`call_${call.requestId}_${position}_`)
    // Of a whole answer the place in the list is the index: none of its own is asked for, none is added.
    toolCall['index'] = 0
    const done = pieces.repair(toolCall)
    bytes += done.textBytes
    if (hadIndex) toolCall['index'] = before
    else delete toolCall['index']
    changed ||= done.changed
    if (pieces.missingArguments().length > 0 && isObject(toolCall['function'])) {
      toolCall['function']['arguments'] = '{}'
      changed = true
    }
  })
  return { changed, count: calls.length, bytes }
}

function bytesOfFunctionCall(value: unknown): number {
  return isObject(value) ? bytesOfText(value['name']) + bytesOfText(value['arguments']) : 0
}

function bytesOfText(value: unknown): number {
  return typeof value === 'string' && value !== '' ? Buffer.byteLength(value) : 0
}

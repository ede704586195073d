import {
  ProviderError,
  type ChatAnswer,
  type ChatStreamReader,
  type ChatStreamSink,
  type Refusal,
  type ResponseHead,
} from '../contract/index.ts'
import { bufferOf, bytesOf } from './bytes.ts'
import { isObject, parseJson, textOf, type MutableJson } from './json.ts'

/**
 * The whole answer that a streamed body amounts to, for models that refuse to answer otherwise (open Qwen3 models
 * while thinking, omni models). `read` makes the reader that reads any other stream of the platform, so errors in it,
 * cuts and empty streams are refusals here too.
 */
export function foldStream(
  head: ResponseHead,
  body: Uint8Array,
  read: (sink: ChatStreamSink) => ChatStreamReader,
): ChatAnswer | Refusal {
  const choices: MutableJson[] = []
  let extra: MutableJson = {}
  const reader = read((events) => {
    // The sink gets whole events in OpenAI's framing, so lines are enough.
    for (const line of bytesOf(events).toString('utf8').split('\n')) {
      const chunk = line.startsWith('data: ') ? parseJson(line.slice(6)) : undefined
      if (!isObject(chunk) || !Array.isArray(chunk['choices'])) continue
      for (const choice of chunk['choices']) if (isObject(choice)) addChoice(choices, choice)
      extra = { ...extra, ...chunk }
    }
  })
  reader.push(body)
  reader.end()
  const { state } = reader
  if (state.error !== undefined) return { ok: false, error: state.error }
  const { chunkHead } = state
  if (chunkHead === undefined) {
    const message = 'The provider closed the stream without an answer'
    return {
      ok: false,
      error: new ProviderError('upstream_error', { message, status: head.status, concluded: true }),
    }
  }
  const answer = {
    ...extra,
    ...chunkHead,
    object: 'chat.completion',
    choices,
    ...(state.usageJson === undefined ? {} : { usage: parseJson(state.usageJson) }),
  }
  return {
    ok: true,
    body: JSON.stringify(answer),
    usage: state.usage,
    finishReason: state.finishReason,
    upstreamId: state.upstreamId,
    model: chunkHead.model,
    outputBytes: state.outputBytes,
  }
}

/** Whether a body is a stream, by its head or by its beginning, which no JSON has. */
export function isEventStream(head: ResponseHead, body: Uint8Array): boolean {
  if (head.headers['content-type']?.includes('text/event-stream') === true) return true
  return /^\s*((data|event|id):|:)/.test(bufferOf(body).toString('latin1', 0, 64))
}

function addChoice(choices: MutableJson[], piece: MutableJson): void {
  const index = Number(piece['index'])
  let choice = choices.find((known) => known['index'] === index)
  if (choice === undefined) {
    choice = { index, message: { role: 'assistant', content: null }, logprobs: null, finish_reason: null }
    choices.push(choice)
  }
  const message = choice['message']
  const delta = piece['delta']
  if (!isObject(message) || !isObject(delta)) return
  for (const [key, value] of Object.entries(delta)) {
    if (key === 'tool_calls') addToolCalls(message, value)
    else if (typeof value === 'string' && key !== 'role') message[key] = (textOf(message[key]) ?? '') + value
    else if (value !== null && value !== undefined) message[key] = value
  }
  if (piece['finish_reason'] !== null) choice['finish_reason'] = piece['finish_reason']
  if (isObject(piece['logprobs'])) choice['logprobs'] = joinLogprobs(choice['logprobs'], piece['logprobs'])
}

/** Every piece tells those of its own tokens. */
function joinLogprobs(known: unknown, added: MutableJson): MutableJson {
  const [all, more] = [isObject(known) ? known['content'] : undefined, added['content']]
  return Array.isArray(all) && Array.isArray(more) ? { ...added, content: all.concat(more) } : added
}

function addToolCalls(message: MutableJson, pieces: unknown): void {
  if (!Array.isArray(pieces)) return
  const calls: MutableJson[] = Array.isArray(message['tool_calls'])
    ? message['tool_calls'].filter(isObject)
    : []
  message['tool_calls'] = calls
  for (const piece of pieces) {
    if (!isObject(piece)) continue
    const known = calls[Number(piece['index'])]
    if (known === undefined) {
      const { index: _, ...call } = piece
      calls.push(call)
      continue
    }
    const fn = known['function']
    const added = piece['function']
    if (isObject(fn) && isObject(added)) {
      fn['arguments'] = (textOf(fn['arguments']) ?? '') + (textOf(added['arguments']) ?? '')
    }
  }
}

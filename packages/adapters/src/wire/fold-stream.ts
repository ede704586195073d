import {
  ProviderError,
  type ChatAnswer,
  type ChatStreamReader,
  type ChatStreamSink,
  type Refusal,
  type ResponseHead,
} from '../contract/index.ts'
import { bufferOf, bytesOf } from './bytes.ts'
import { arrayOf, isObject, parseJson, textOf, type MutableJson } from './json.ts'

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
  const choices = new Map<number, FoldedChoice>()
  const extra = new Map<string, unknown>()
  const reader = read((events) => {
    // The sink gets whole events in OpenAI's framing, so lines are enough.
    for (const line of bytesOf(events).toString('utf8').split('\n')) {
      const chunk = line.startsWith('data: ') ? parseJson(line.slice(6)) : undefined
      if (!isObject(chunk) || !Array.isArray(chunk['choices'])) continue
      for (const choice of chunk['choices']) if (isObject(choice)) addChoice(choices, choice)
      for (const [name, value] of Object.entries(chunk)) extra.set(name, value)
    }
  })
  reader.push(body)
  reader.end()
  const { state } = reader
  if (state.error !== undefined) return { ok: false, error: state.error, state }
  const { chunkHead } = state
  if (chunkHead === undefined) {
    const message = 'The provider closed the stream without an answer'
    return {
      ok: false,
      error: new ProviderError('upstream_error', { message, status: head.status, concluded: true }),
    }
  }
  const answer = {
    ...Object.fromEntries(extra),
    ...chunkHead,
    object: 'chat.completion',
    choices: [...choices].map(wholeChoice),
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

/** A choice while its pieces arrive. Lists are added to, never copied: an answer may come in a million pieces. */
interface FoldedChoice {
  readonly message: MutableJson
  readonly calls: MutableJson[]
  /** Every piece tells the log probabilities of its own tokens. */
  readonly tokens: unknown[]
  logprobs: MutableJson | null
  finishReason: unknown
}

function addChoice(choices: Map<number, FoldedChoice>, piece: MutableJson): void {
  const index = Number(piece['index'])
  let choice = choices.get(index)
  if (choice === undefined) {
    const message = { role: 'assistant', content: null }
    choices.set(index, (choice = { message, calls: [], tokens: [], logprobs: null, finishReason: null }))
  }
  const { message, calls, tokens } = choice
  const { delta, logprobs } = piece
  if (!isObject(delta)) return
  for (const [key, value] of Object.entries(delta)) {
    if (key === 'tool_calls') addToolCalls(calls, value)
    else if (typeof value === 'string' && key !== 'role') message[key] = (textOf(message[key]) ?? '') + value
    else if (value !== null && value !== undefined) message[key] = value
  }
  if (piece['finish_reason'] !== null) choice.finishReason = piece['finish_reason']
  if (!isObject(logprobs)) return
  choice.logprobs = logprobs
  for (const token of arrayOf(logprobs['content']) ?? []) tokens.push(token)
}

function addToolCalls(calls: MutableJson[], pieces: unknown): void {
  for (const piece of arrayOf(pieces) ?? []) {
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

function wholeChoice([index, choice]: readonly [number, FoldedChoice]): MutableJson {
  const { message, calls, tokens, logprobs, finishReason } = choice
  return {
    index,
    message: calls.length === 0 ? message : { ...message, tool_calls: calls },
    logprobs: logprobs === null || tokens.length === 0 ? logprobs : { ...logprobs, content: tokens },
    finish_reason: finishReason,
  }
}

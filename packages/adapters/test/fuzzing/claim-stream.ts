import { chunksOf } from '../../src/conformance/clients.ts'
import type { Call, ChatStreamState, ProtocolAdapter, ResponseHead } from '../../src/contract/index.ts'
import { isObject, parseJson, type MutableJson } from '../../src/wire/json.ts'
import { claim, isCount, isName, isText } from './claim.ts'
import { claimError } from './claim-error.ts'
import { claimUsage, claimUsageObject } from './claim-usage.ts'

export interface OddReading {
  readonly events: string
  readonly state: ChatStreamState
}

/** Feeds a body to the adapter's reader and claims what the contract says while it reads. */
export function readOddStream(
  adapter: ProtocolAdapter,
  call: Call,
  head: ResponseHead,
  body: Readonly<Record<string, unknown>>,
  parts: readonly Uint8Array[],
): OddReading {
  let events = ''
  let isOver = false
  const request = { body, raw: Buffer.from(JSON.stringify(body)), stream: true, maxOutputTokens: 100 }
  const sink = (piece: Uint8Array | string) => {
    claim(!isOver, 'nothing is forwarded after an error')
    const text = typeof piece === 'string' ? piece : utf8.decode(piece)
    claim(
      text.startsWith('data: {') && text.endsWith('}\n\n') && !text.includes('\r'),
      'whole events are forwarded',
      text,
    )
    events += text
  }
  const reader = adapter.chat.stream(head, sink, request, call)
  for (const part of parts) {
    const lent = Uint8Array.from(part)
    reader.push(lent)
    lent.fill(0x23)
    isOver ||= reader.state.error !== undefined
  }
  reader.end()
  return { events, state: reader.state }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** What a client is given is OpenAI's, and what the books are told can be settled. */
export function claimStream({ events, state }: OddReading, call: Call): void {
  const chunks = chunksOf(events)
  const choices = new Map<unknown, ChoiceSeen>()
  let textBytes = 0
  for (const chunk of chunks) {
    claim(isName(chunk['id']) && chunk['id'] === chunks[0]?.['id'], 'one id for all chunks', chunk['id'])
    claim(chunk['object'] === 'chat.completion.chunk', 'a chunk says that it is one', chunk['object'])
    claim(isCount(chunk['created']), 'created is a whole number of seconds', chunk['created'])
    claim(isText(chunk['model']), 'a chunk names a model', chunk['model'])
    claim(chunk['usage'] == null, 'no usage is forwarded', chunk['usage'])
    const list = chunk['choices']
    claim(Array.isArray(list) && list.length > 0, 'a chunk has choices', list)
    for (const choice of list) textBytes += claimChoice(choice, choices)
  }
  claimHead(state, chunks[0])
  claim(
    state.error !== undefined || state.complete || state.finishReason !== undefined,
    'a stream ends as complete, with a finish reason, or in an error',
  )
  claim([undefined, ...finishReasons].includes(state.finishReason), 'a reason of OpenAI', state.finishReason)
  claim(state.upstreamId === undefined || isName(state.upstreamId), 'a name is text', state.upstreamId)
  claim(isCount(state.outputBytes), 'output is counted in whole bytes', state.outputBytes)
  claim(state.outputBytes >= textBytes, 'all forwarded text is counted', [state.outputBytes, textBytes])
  claim(state.hasOutput === state.outputBytes > 0, 'there is output where bytes of it were counted')
  if (state.error !== undefined) claimError(state.error, call)
  claimUsage(state.usage)
  claim(
    (state.usage === undefined) === (state.usageJson === undefined),
    'usage is told in both forms or in none',
  )
  if (state.usageJson !== undefined) claimUsageObject(parseJson(state.usageJson))
}

interface ChoiceSeen {
  readonly callIds: Set<unknown>
  calls: number
}

const finishReasons: readonly unknown[] = ['stop', 'length', 'tool_calls', 'content_filter', 'function_call']

function claimChoice(choice: unknown, seen: Map<unknown, ChoiceSeen>): number {
  claim(isObject(choice), 'a choice is an object', choice)
  const { index, delta, finish_reason: reason } = choice
  claim(isCount(index), 'a choice has a place', index)
  claim(isObject(delta), 'a choice has a delta', choice)
  claim(reason === null || finishReasons.includes(reason), 'null, or a reason of OpenAI', reason)
  claim(!('usage' in choice), 'no usage is forwarded', choice)
  let state = seen.get(index)
  if (state === undefined) {
    claim(isText(delta['role']), 'the first delta of a choice has a role', delta)
    seen.set(index, (state = { callIds: new Set(), calls: 0 }))
  } else claim(!('role' in delta), 'no later delta has a role', delta)
  for (const name of ['content', 'reasoning_content', 'refusal']) {
    claim(delta[name] == null || typeof delta[name] === 'string', `${name} is text or null`, delta[name])
  }
  const calls = delta['tool_calls'] ?? []
  claim(Array.isArray(calls), 'tool calls are a list', calls)
  for (const piece of calls) claimToolCallPiece(piece, state)
  return bytesOf(delta['content']) + bytesOf(delta['reasoning_content'])
}

/** Accumulators that append, and those that replace, must come to the same. */
function claimToolCallPiece(piece: unknown, seen: ChoiceSeen): void {
  claim(isObject(piece), 'a tool call is an object', piece)
  const { index, id, function: fn } = piece
  claim(isCount(index) && Number(index) <= seen.calls, 'tool calls are numbered one after another', piece)
  if (index === seen.calls) {
    seen.calls++
    claim(isText(id) && !seen.callIds.has(id), 'a tool call begins with an id of its own', piece)
    seen.callIds.add(id)
    claim(isText(piece['type']), 'a tool call begins with a type', piece)
  } else claim(!('id' in piece), 'an id comes once', piece)
  if (fn === undefined) return
  claim(isObject(fn), 'a function is an object', piece)
  claim(fn['name'] === undefined || typeof fn['name'] === 'string', 'a name is text', piece)
  claim(fn['arguments'] === undefined || typeof fn['arguments'] === 'string', 'arguments are text', piece)
}

/** The final usage chunk is made of it. */
function claimHead(state: ChatStreamState, first: MutableJson | undefined): void {
  if (first === undefined) return
  const { id, created, model } = first
  claim(
    state.chunkHead?.id === id && state.chunkHead?.created === created && state.chunkHead?.model === model,
    'the state has the head of the chunks',
    [state.chunkHead, { id, created, model }],
  )
}

function bytesOf(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : 0
}

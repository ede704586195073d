import OpenAI from 'openai'
import { isObject, type MutableJson } from '../wire/json.ts'

/** The chunks in a stream as the sink got it. Fails on anything but whole `data: {…}` events. */
export function chunksOf(events: string): MutableJson[] {
  if (events === '') return []
  if (!events.endsWith('\n\n')) throw new Error('the last event is not whole')
  return events
    .slice(0, -2)
    .split('\n\n')
    .map((event) => {
      if (!event.startsWith('data: {') || event.includes('\n')) throw new Error(`not one event: ${event}`)
      const chunk: unknown = JSON.parse(event.slice(6))
      if (!isObject(chunk)) throw new Error(`not an object: ${event}`)
      return chunk
    })
}

export interface ClientMessage {
  readonly text: string
  readonly toolCalls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
  readonly finishReason: string | undefined
}

/** What the `openai` client for Node makes of the stream, over its public interface. */
export async function readWithNodeClient(events: string): Promise<ClientMessage> {
  const client = new OpenAI({
    apiKey: 'none',
    baseURL: 'http://upstream.test/v1',
    maxRetries: 0,
    fetch: () =>
      Promise.resolve(
        new Response(`${events}data: [DONE]\n\n`, { headers: { 'content-type': 'text/event-stream' } }),
      ),
  })
  const stream = client.chat.completions.stream({ model: 'any', messages: [{ role: 'user', content: 'hi' }] })
  const { choices } = await stream.finalChatCompletion()
  const choice = choices[0]
  return {
    text: choice?.message.content ?? '',
    toolCalls: (choice?.message.tool_calls ?? []).map((call) =>
      call.type === 'function'
        ? { id: call.id, name: call.function.name, arguments: call.function.arguments }
        : { id: call.id, name: call.custom.name, arguments: call.custom.input },
    ),
    finishReason: choice?.finish_reason,
  }
}

/**
 * What an accumulator makes of it that appends every text, as the one of the `openai` client for Python does
 * (all strings but `type`; lists merge by `index`). Returns the first choice's message.
 */
export function readByAppending(chunks: readonly MutableJson[]): MutableJson {
  const message: MutableJson = {}
  for (const chunk of chunks) {
    const choices = chunk['choices']
    for (const choice of Array.isArray(choices) ? choices : []) {
      if (isObject(choice) && choice['index'] === 0 && isObject(choice['delta']))
        append(message, choice['delta'])
    }
  }
  return message
}

function append(target: MutableJson, delta: MutableJson): void {
  for (const [key, value] of Object.entries(delta)) {
    const known = target[key]
    if (Array.isArray(value)) {
      const list: unknown[] = Array.isArray(known) ? known : []
      target[key] = list
      for (const item of value) {
        if (!isObject(item)) throw new Error(`${key} holds something that is no object`)
        const at = Number(item['index'])
        const slot = list[at]
        if (isObject(slot)) append(slot, item)
        else list[at] = structuredClone(item)
      }
    } else if (known === undefined || known === null || key === 'index' || key === 'type')
      target[key] = structuredClone(value)
    else if (typeof known === 'string' && typeof value === 'string') target[key] = known + value
    else if (isObject(known) && isObject(value)) append(known, value)
  }
}

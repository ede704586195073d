import { type JsonObject } from '../json.ts'
import type { Simulator } from '../simulator.ts'
import { type Sent, open, send } from './client.ts'

/** Paths of DashScope below its base URL. */
export const services = {
  text: '/services/aigc/text-generation/generation',
  multimodal: '/services/aigc/multimodal-generation/generation',
  embeddings: '/services/embeddings/text-embedding/text-embedding',
}

export interface Asked {
  readonly model?: string
  readonly service?: keyof typeof services
  readonly headers?: Record<string, string>
  readonly key?: string
}

/** What a chat of new pieces in messages is asked with. */
export const message: JsonObject = { result_format: 'message', incremental_output: true }
/** Where an answer's message stands. */
export const messagePath = 'output.choices.0.message'
export const said = (role: string, content: unknown, more: JsonObject = {}) => ({ role, content, ...more })
export const user = (content: unknown) => [said('user', content)]
export const picture = { image: 'https://example.test/bridge.jpg' }
export const vl: Asked = { model: 'qwen3-vl-plus', service: 'multimodal' }
export const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string', enum: ['杭州'] } } },
  },
}

type Ask = (messages: unknown, parameters?: JsonObject, asked?: Asked) => Promise<Sent>

/** Chats with the native interface: a whole answer, a stream read to its end, a stream left open. */
export function dashscope(simulator: () => Simulator): {
  ask: Ask
  stream: Ask
  openStream: (messages: unknown) => Promise<Response>
} {
  const request = (messages: unknown, parameters: JsonObject, asked: Asked): Parameters<typeof open> => [
    simulator(),
    'tongyi-native',
    services[asked.service ?? 'text'],
    { model: asked.model ?? 'qwen-plus', input: { messages }, parameters },
    {
      ...(asked.headers === undefined ? {} : { headers: asked.headers }),
      ...(asked.key === undefined ? {} : { key: asked.key }),
    },
  ]
  const streamed = (asked: Asked): Asked => ({
    ...asked,
    headers: { 'x-dashscope-sse': 'enable', ...asked.headers },
  })
  return {
    ask: (messages, parameters = message, asked = {}) => send(...request(messages, parameters, asked)),
    stream: (messages, parameters = message, asked = {}) =>
      send(...request(messages, parameters, streamed(asked))),
    openStream: (messages) => open(...request(messages, message, streamed({}))),
  }
}

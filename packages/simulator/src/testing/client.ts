import type { Simulator } from '../simulator.ts'
import { type JsonObject, isObject } from '../json.ts'

/** A model to talk to on each protocol, where a test does not care which. */
export const chatModels: Readonly<Record<string, string>> = {
  openai: 'gpt-like',
  deepseek: 'deepseek-flash',
  'tongyi-compatible': 'qwen-plus',
  ark: 'doubao-1-5-pro-32k-250115',
  baichuan: 'Baichuan4-Air',
  modelscope: 'Qwen/Qwen3.5-122B-A10B',
  'qianfan-v2': 'ernie-4.5-turbo-128k',
  'hunyuan-openai': 'hunyuan-turbos-latest',
  tokenhub: 'hy3',
  'spark-http': 'max-32k',
}

export const protocols: readonly string[] = Object.keys(chatModels)

/** Protocols that send the usage of a stream unasked and refuse to be asked. */
const usageUnasked: readonly string[] = ['baichuan', 'spark-http']

/** Protocols whose every model thinks unless told not to: the answers of `chatBody` are text alone. */
const thinksUnasked: readonly string[] = ['deepseek']

/** A chat body that every platform accepts. */
export function chatBody(protocol: string, text: string, more: JsonObject = {}): JsonObject {
  const asked = more['stream'] === true && !usageUnasked.includes(protocol)
  return {
    model: chatModels[protocol],
    messages: [{ role: 'user', content: text }],
    ...(asked ? { stream_options: { include_usage: true } } : {}),
    ...(thinksUnasked.includes(protocol) ? { thinking: { type: 'disabled' } } : {}),
    ...more,
  }
}

export interface Sent {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: JsonObject
}

export function keyOf(simulator: Simulator, protocol: string): string {
  const { apiKey, apiPassword } = endpointOf(simulator, protocol).credentials
  return apiKey ?? apiPassword ?? ''
}

export function endpointOf(simulator: Simulator, protocol: string) {
  const endpoint = simulator.endpoints[protocol]
  if (endpoint === undefined) throw new Error(`no such protocol: ${protocol}`)
  return endpoint
}

/** Starts a request without reading its answer. */
export function open(
  simulator: Simulator,
  protocol: string,
  path: string,
  body: unknown,
  options: { key?: string; headers?: Record<string, string>; signal?: AbortSignal; base?: string } = {},
): Promise<Response> {
  return fetch((options.base ?? endpointOf(simulator, protocol).baseUrl) + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${options.key ?? keyOf(simulator, protocol)}`,
      'content-type': 'application/json',
      ...options.headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
}

/** Sends a request and reads the whole answer. */
export async function send(...parameters: Parameters<typeof open>): Promise<Sent> {
  const response = await open(...parameters)
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: objectIn(text) }
}

export function chat(
  simulator: Simulator,
  protocol: string,
  body: unknown,
  options: Parameters<typeof open>[4] = {},
) {
  return send(simulator, protocol, '/chat/completions', body, options)
}

/** The payloads of all events of a stream, end marks included. */
export function payloads(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trim())
}

export function chunks(text: string): JsonObject[] {
  return payloads(text)
    .filter((payload) => payload !== '[DONE]')
    .map(objectIn)
}

export function objectIn(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** The value at a path such as `choices.0.delta.content`. */
export function at(value: unknown, path: string): unknown {
  let found = value
  for (const step of path.split('.')) {
    found = Array.isArray(found) ? found[Number(step)] : isObject(found) ? found[step] : undefined
  }
  return found
}

/** All texts at a path of the chunks, joined. */
export function joined(text: string, path: string): string {
  return chunks(text)
    .map((chunk) => at(chunk, path))
    .filter((part) => typeof part === 'string')
    .join('')
}

/** The last usage a stream told. */
export function usageIn(text: string): unknown {
  return chunks(text)
    .map((chunk) => chunk['usage'])
    .findLast((usage) => isObject(usage))
}

/** Waits until something holds; for what happens on the server after the client has left. */
export async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 5_000
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error('what was waited for did not happen within 5 s')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

import { depthMax, isTooDeep } from '@tollgate/adapters'
import { GatewayError } from '../errors.ts'
import { isRecord } from '../is-record.ts'

/**
 * What the gateway itself must know of a request. Nothing is coerced, defaulted or stripped: the body goes on as it
 * came, and fields we do not know are the provider's business.
 */
export interface ParsedRequest {
  readonly body: Readonly<Record<string, unknown>>
  readonly raw: Uint8Array
  readonly model: string
  readonly stream: boolean
  /** The client wants the usage chunk at the end of its stream. */
  readonly includeUsage: boolean
  /** `max_completion_tokens` or `max_tokens`, whichever the client set. */
  readonly maxOutputTokens: number | undefined
  /** Answers asked for (`n`): each may use the whole output bound. */
  readonly choices: number
  readonly endUser: string | undefined
}

export function parseChatRequest(raw: Uint8Array): ParsedRequest {
  const body = parseObject(raw)
  const messages = body['messages']
  if (!Array.isArray(messages)) {
    throw invalid('messages', messages === undefined ? 'is required' : 'must be an array of messages')
  }
  if (messages.length === 0) throw invalid('messages', 'must hold at least one message')
  for (const [index, message] of messages.entries()) {
    if (!isRecord(message)) throw invalid(`messages[${index}]`, 'must be an object with "role" and "content"')
    if (typeof message['role'] !== 'string') throw invalid(`messages[${index}].role`, 'must be a string')
    const content = message['content']
    if (content !== undefined && content !== null && typeof content !== 'string' && !Array.isArray(content)) {
      throw invalid(`messages[${index}].content`, 'must be a string or an array of content parts')
    }
  }
  optional(body, 'tools', 'an array', Array.isArray)
  return parsed(body, raw)
}

export function parseCompletionRequest(raw: Uint8Array): ParsedRequest {
  const body = parseObject(raw)
  const prompt = body['prompt']
  if (Array.isArray(prompt) && prompt.length !== 1) {
    throw invalid('prompt', 'must be one string: send several prompts as several requests')
  }
  const text: unknown = Array.isArray(prompt) ? prompt[0] : prompt
  if (typeof text !== 'string')
    throw invalid('prompt', prompt === undefined ? 'is required' : 'must be a string')
  return parsed(body, raw)
}

export function parseEmbeddingRequest(raw: Uint8Array): ParsedRequest {
  const body = parseObject(raw)
  const input = body['input']
  const usable =
    typeof input === 'string' ? input.length > 0 : Array.isArray(input) ? input.length > 0 : false
  if (!usable) {
    throw invalid(
      'input',
      input === undefined ? 'is required' : 'must be a string or an array that is not empty',
    )
  }
  const format = body['encoding_format']
  if (format !== undefined && format !== 'float' && format !== 'base64') {
    throw invalid('encoding_format', 'must be "float" or "base64"')
  }
  return parsed(body, raw)
}

function parsed(body: Readonly<Record<string, unknown>>, raw: Uint8Array): ParsedRequest {
  const model = body['model']
  if (typeof model !== 'string' || model === '') {
    throw invalid('model', model === undefined ? 'is required' : 'must be the name of a model')
  }
  optional(body, 'stream', 'true or false', (value) => typeof value === 'boolean')
  optional(body, 'stream_options', 'an object', isRecord)
  const streamOptions = body['stream_options']
  const user = body['safety_identifier'] ?? body['user']
  return {
    body,
    raw,
    model,
    stream: body['stream'] === true,
    includeUsage: isRecord(streamOptions) && streamOptions['include_usage'] === true,
    maxOutputTokens: count(body, 'max_completion_tokens') ?? count(body, 'max_tokens'),
    choices: count(body, 'n') ?? 1,
    endUser: typeof user === 'string' && user !== '' ? user.slice(0, endUserCharactersMax) : undefined,
  }
}

const endUserCharactersMax = 256

function parseObject(raw: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8'))
  } catch (error) {
    const reason =
      raw.byteLength === 0 ? 'the body is empty' : error instanceof Error ? error.message : 'unreadable'
    throw new GatewayError(
      'invalid_request_error',
      `The request body is not valid JSON: ${reason.slice(0, 200)}.`,
    )
  }
  if (!isRecord(value)) {
    throw new GatewayError('invalid_request_error', 'The request body must be a JSON object.')
  }
  // A level takes two bytes at least. Whoever walks into the value further on would run out of stack.
  if (raw.byteLength > 2 * depthMax && isTooDeep(value)) {
    throw new GatewayError(
      'invalid_request_error',
      `The request body has more than ${depthMax} lists and objects in one another.`,
    )
  }
  return value
}

function count(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
    throw invalid(name, 'must be a whole number of at least 1')
  }
  return value
}

function optional(
  body: Readonly<Record<string, unknown>>,
  name: string,
  what: string,
  accepts: (value: unknown) => boolean,
): void {
  const value = body[name]
  if (value !== undefined && value !== null && !accepts(value)) throw invalid(name, `must be ${what}`)
}

function invalid(param: string, problem: string): GatewayError {
  return new GatewayError('invalid_request_error', `"${param}" ${problem}.`, { param })
}

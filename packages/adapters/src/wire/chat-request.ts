import type { Call, ChatRequest, HttpExchange, Refusal } from '../contract/index.ts'
import type { OpenAiChatRules } from './openai-chat.ts'
import { isObject, type MutableJson } from './json.ts'
import { jsonHeaders } from './headers.ts'
import { rewriteMessages } from './rewrite-messages.ts'
import { spliceBody, type BodyEdits } from './splice.ts'

/**
 * The request as the platform wants it: the client's own bytes with the model's upstream name, the output bound
 * under the platform's name, `stream_options.include_usage` asked for, and the platform's own edits on top.
 */
export function openAiChatRequest(
  request: ChatRequest,
  call: Call,
  rules: OpenAiChatRules,
): HttpExchange | Refusal {
  const own = rules.edit?.(request, call)
  if (own !== undefined && 'ok' in own) return own
  const streams = request.stream || rules.folds?.(request, call) === true
  const edits = commonEdits(request, call, rules, streams)
  const path = typeof rules.path === 'function' ? rules.path(call) : (rules.path ?? '/chat/completions')
  return {
    transport: 'http',
    method: 'POST',
    url: call.baseUrl + path,
    headers: (rules.headers ?? jsonHeaders)(call, streams),
    body: spliceBody(request.raw, own === undefined ? edits : mergeEdits(edits, own)),
  }
}

/** The edits of `over` on top of those of `base`: what one sets or drops, the other does not bring back. */
export function mergeEdits(base: BodyEdits, over: BodyEdits): BodyEdits {
  const set: MutableJson = { ...base.set }
  for (const [name, value] of Object.entries(over.set ?? {})) if (value !== undefined) set[name] = value
  for (const name of over.drop ?? []) if (!(name in (over.set ?? {}))) delete set[name]
  return {
    set,
    drop: [...(base.drop ?? []), ...(over.drop ?? [])],
    rename: { ...base.rename, ...over.rename },
  }
}

function commonEdits(request: ChatRequest, call: Call, rules: OpenAiChatRules, streams: boolean): BodyEdits {
  const { body } = request
  const set: MutableJson = {}
  const drop = [...(rules.drop ?? [])]
  if (body['model'] !== call.upstreamModel) set['model'] = call.upstreamModel
  if (streams !== request.stream || (streams && body['stream'] !== true)) set['stream'] = streams

  // One name goes out, whatever the client used: some platforms refuse both together (Ark).
  const bound = rules.maxTokens(request, call)
  for (const name of maxTokensNames) {
    if (request.maxOutputTokens !== undefined && name === bound) set[name] = request.maxOutputTokens
    else if (name in body) drop.push(name)
  }

  if (streams && (rules.asksForUsage?.(call) ?? true)) {
    const options = isObject(body['stream_options']) ? body['stream_options'] : {}
    if (options['include_usage'] !== true) set['stream_options'] = { ...options, include_usage: true }
  } else if ('stream_options' in body) drop.push('stream_options')

  const messages = rewriteMessages(body['messages'], {
    developerRole: rules.developerRole?.(call) ?? 'system',
    ...rules.messages?.(call),
  })
  if (messages !== undefined) set['messages'] = messages
  return { set, drop }
}

const maxTokensNames = ['max_tokens', 'max_completion_tokens'] as const

/** Names under which OpenAI's clients bound the output. */
export type MaxTokensName = (typeof maxTokensNames)[number]

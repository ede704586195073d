import { ProviderError, type Refusal } from '../contract/index.ts'
import { arrayOf, isObject } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import { joinedText } from '../wire/rewrite-messages.ts'
import type { Generation } from './generation.ts'
import { tongyiPart } from './parts.ts'

/**
 * The messages as DashScope takes them (provider sheet, sections 3 and 4): one system message first; content as text, or
 * as a list of parts for models that see or hear. Tool calls and their results have OpenAI's form.
 */
export function tongyiMessages(messages: unknown, generation: Generation): readonly unknown[] | Refusal {
  const given = arrayOf(messages) ?? []
  // The platform answers a 500 "list index out of range", which would look like a fault of its own.
  if (given.length === 0) return refuse('The request has no messages')
  const strange = given.flatMap(partsOf).find((part) => tongyiPart(part) === undefined)
  if (strange !== undefined) return refuse('This provider takes text, pictures, audio and video in messages')
  const ordered = normaliseMessages(given, { system: 'first', drop: OF_ANSWERS }) ?? given
  return ordered.map((message) =>
    isObject(message) ? { ...message, content: contentOf(message['content'], generation) } : message,
  )
}

function contentOf(content: unknown, generation: Generation): unknown {
  if (generation === 'text') return textOrParts(content)
  const parts = typeof content === 'string' || content == null ? [{ text: content ?? '' }] : content
  return arrayOf(parts)?.map(tongyiPart) ?? parts
}

/**
 * Text, beside tool calls too, where OpenAI has null. Parts that mark an explicit cache stay parts: it is written in
 * one, in OpenAI's form (help.aliyun.com/zh/model-studio/context-cache).
 */
function textOrParts(content: unknown): unknown {
  if (content == null) return ''
  if (partsOf({ content }).some((part) => isObject(part) && 'cache_control' in part)) return content
  return joinedText(content) ?? content
}

function partsOf(message: unknown): readonly unknown[] {
  return (isObject(message) ? arrayOf(message['content']) : undefined) ?? []
}

function refuse(message: string): Refusal {
  return { ok: false, error: new ProviderError('invalid_request', { message, param: 'messages' }) }
}

/** What OpenAI's answers have and clients send back; `reasoning_content` stays, for `preserve_thinking`. */
const OF_ANSWERS = ['annotations', 'audio', 'function_call', 'refusal']

import type { Refusal } from '../../contract/refusal.ts'
import { type JsonObject, isObject } from '../../json.ts'

/** The messages of the multimodal service, whose contents are lists of `{"text"}` and `{"image"}`, in OpenAI's form. */
export function readParts(messages: unknown): unknown[] | Refusal {
  if (!Array.isArray(messages)) return wrong('messages', 'messages should be a list')
  const read: unknown[] = []
  for (const [index, message] of messages.entries()) {
    const content = isObject(message) ? contentOf(message) : undefined
    if (content === undefined) {
      return wrong(`messages.${index}`, 'content should be a list of {"text"} and {"image"}')
    }
    read.push({ ...message, content })
  }
  return read
}

function contentOf(message: JsonObject): unknown {
  const { content } = message
  if (Array.isArray(content) && content.length > 0) {
    const parts = content.map(partOf)
    return parts.includes(undefined) ? undefined : parts
  }
  const calling = Array.isArray(message['tool_calls']) && message['tool_calls'].length > 0
  // A message that only calls says nothing; results of tools are texts on both services (not verified).
  if (calling) return content === '' || content === null || Array.isArray(content) ? '' : content
  return message['role'] === 'tool' && typeof content === 'string' ? content : undefined
}

function partOf(part: unknown): JsonObject | undefined {
  if (!isObject(part)) return undefined
  const { text, image } = part
  if (typeof text === 'string' && image === undefined) return { type: 'text', text }
  if (typeof image === 'string' && text === undefined) return { type: 'image_url', image_url: { url: image } }
  return undefined
}

function wrong(param: string, message: string): Refusal {
  return { refused: 'invalid-messages', param, message }
}

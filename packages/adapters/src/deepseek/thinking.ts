import type { ChatRequest } from '../contract/index.ts'
import { arrayOf, isObject, objectOf, textOf } from '../wire/json.ts'

type Body = ChatRequest['body']

/**
 * Whether the model will think: because the client wants it, because it does unless told not to, or not at all. The
 * switch is `thinking: { type }`; any effort but OpenAI's `none` asks for it too, since only thinking has one.
 */
export function thinkingOf(body: Body): 'wanted' | 'by-default' | 'off' {
  const type = objectOf(body['thinking'])?.['type']
  if (type !== undefined) return type === 'disabled' ? 'off' : 'wanted'
  const effort = textOf(body['reasoning_effort'])
  if (effort !== undefined) return effort === 'none' ? 'off' : 'wanted'
  return 'by-default'
}

/** Only `auto` and `none` are taken while thinking; without it, every choice is. */
export function forcesTool(body: Body): boolean {
  return body['tool_choice'] === 'required' || isObject(body['tool_choice'])
}

/**
 * Whether an earlier tool call came back without its thinking: a 400 while thinking, an empty text included (V4 Pro;
 * NousResearch/hermes-agent pull 18263). Clients of OpenAI drop the field, because OpenAI has none.
 */
export function lacksReasoning(body: Body): boolean {
  return (arrayOf(body['messages']) ?? []).some(
    (message) =>
      isObject(message) &&
      message['role'] === 'assistant' &&
      (arrayOf(message['tool_calls'])?.length ?? 0) > 0 &&
      textOf(message['reasoning_content']) === undefined,
  )
}

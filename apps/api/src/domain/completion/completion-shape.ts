import type { AnswerShape } from './answer-shape.ts'
import { usageEvent } from './answer-shape.ts'
import type { ParsedRequest } from './parse-request.ts'
import { isRecord } from '../is-record.ts'

/**
 * `/v1/completions` on platforms that only chat: the prompt becomes the one user message, and text comes back as
 * `choices[].text`. Fields that only completions know (`echo`, `best_of`, `suffix`) are left out.
 */
export function toChatRequest(request: ParsedRequest): ParsedRequest {
  const {
    prompt,
    echo: _echo,
    best_of: _bestOf,
    suffix: _suffix,
    logprobs: _logprobs,
    ...rest
  } = request.body
  const text: unknown = Array.isArray(prompt) ? prompt[0] : prompt
  const body = { ...rest, messages: [{ role: 'user', content: text }] }
  return { ...request, body, raw: Buffer.from(JSON.stringify(body)) }
}

export const completionShape: AnswerShape = {
  events(events) {
    const text = typeof events === 'string' ? events : Buffer.from(events).toString('utf8')
    let shown = ''
    for (const event of text.split('\n\n')) {
      const data = dataOf(event)
      if (data === undefined) continue
      const chunk: unknown = JSON.parse(data)
      if (isRecord(chunk)) shown += `data: ${JSON.stringify(toTextCompletion(chunk, 'delta'))}\n\n`
    }
    return shown
  },
  whole(body) {
    const answer: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'))
    return isRecord(answer) ? JSON.stringify(toTextCompletion(answer, 'message')) : body
  },
  usageEvent: (state, usageJson) => usageEvent(state, usageJson, 'text_completion'),
}

function toTextCompletion(
  chat: Record<string, unknown>,
  holder: 'delta' | 'message',
): Record<string, unknown> {
  const choices = Array.isArray(chat['choices']) ? chat['choices'].filter(isRecord) : []
  return {
    ...chat,
    object: 'text_completion',
    choices: choices.map((choice, index) => {
      const held = choice[holder]
      const content = isRecord(held) ? held['content'] : undefined
      return {
        index: choice['index'] ?? index,
        text: typeof content === 'string' ? content : '',
        logprobs: null,
        finish_reason: choice['finish_reason'] ?? null,
      }
    }),
  }
}

function dataOf(event: string): string | undefined {
  const lines = event.split('\n').filter((line) => line.startsWith('data:'))
  return lines.length === 0 ? undefined : lines.map((line) => line.slice(5).trimStart()).join('\n')
}

import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { doneFrame, q, usageFields } from '../kit.ts'

/**
 * Ark's chat (fixtures chat-*): the role in every delta, content "" while thinking, later tool pieces without id and
 * with an empty name, running totals in every chunk with `chunk_include_usage`.
 */
export const arkWire: ChatWire = {
  reply(answer) {
    const message = {
      content: answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      role: 'assistant',
      ...(answer.toolCalls.length === 0
        ? {}
        : {
            tool_calls: answer.toolCalls.map((call) => ({
              function: { arguments: call.arguments, name: call.name },
              id: `call_${call.id}`,
              type: 'function',
            })),
          }),
    }
    const usage = usageFields(answer, usageText).due(answer.used)
    return `{"choices":[{"finish_reason":"${answer.finish}","index":0,"logprobs":null,"message":${q(message)}}],${facts(answer, 'chat.completion')}${usage}}`
  },
  stream,
}

/** Ark's ids begin with 02 and the time in milliseconds. */
export function arkId(answer: { readonly id: string; readonly createdAt: number }): string {
  return `02${answer.createdAt}123${answer.id.replaceAll('-', '')}000000`
}

function facts(answer: Answer, object: string): string {
  return `"created":${answer.createdAt},"id":"${arkId(answer)}","model":${q(answer.model)},"service_tier":"default","object":"${object}"`
}

function usageText(used: Usage): string {
  const counts = `"completion_tokens":${used.completion},"prompt_tokens":${used.prompt},"total_tokens":${used.total}`
  return `{${counts},"prompt_tokens_details":{"cached_tokens":${used.cached}},"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}}`
}

function stream(answer: Answer): StreamWriter {
  const tail = `,${facts(answer, 'chat.completion.chunk')}`
  const usage = usageFields(answer, usageText, 'null')
  const chunk = (delta: string, used: Usage, finish = 'null') =>
    `data: {"choices":[{"delta":${delta},"finish_reason":${finish},"index":0,"logprobs":null}]${tail}${usage.running(used)}}\n\n`
  return {
    reasoning: (text, used) =>
      chunk(`{"content":"","reasoning_content":${jsonBytes(text)},"role":"assistant"}`, used),
    text: (text, used) => chunk(`{"content":${jsonBytes(text)},"role":"assistant"}`, used),
    toolStart: (call, used) =>
      chunk(
        `{"content":"","role":"assistant","tool_calls":[{"function":{"arguments":"","name":${jsonBytes(call.name)}},"id":"call_${call.id}","index":${call.index},"type":"function"}]}`,
        used,
      ),
    toolGrain: 'pieces',
    toolPiece: (call, text, used) =>
      chunk(
        `{"content":"","role":"assistant","tool_calls":[{"function":{"arguments":${jsonBytes(text)},"name":""},"index":${call.index}}]}`,
        used,
      ),
    closing: (used) => [
      chunk('{"content":"","role":"assistant"}', used, `"${answer.finish}"`),
      ...(answer.usageShown === 'none' ? [] : [`data: {"choices":[]${tail}${usage.due(used)}}\n\n`]),
      doneFrame,
    ],
  }
}

import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { basicUsage, doneFrame, q, toolCallsOf, usageFields } from '../kit.ts'

/** ModelScope's inference API (fixtures chat-*): the form of DashScope's compatible mode, with plainer usage. */
export const modelscopeWire: ChatWire = {
  reply(answer) {
    const message = {
      role: 'assistant',
      content: answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(answer.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(answer) }),
    }
    const usage = usageFields(answer, usageText).due(answer.used)
    return `{"choices":[{"message":${q(message)},"finish_reason":"${answer.finish}","index":0,"logprobs":null}],"object":"chat.completion"${usage},"created":${answer.createdAt},"system_fingerprint":null,"model":${q(answer.model)},"id":"chatcmpl-${answer.id}"}`
  },
  stream,
}

function usageText(used: Usage): string {
  const reasoning =
    used.reasoning === 0 ? '' : `,"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}`
  const cached = used.cached === 0 ? '' : `,"prompt_tokens_details":{"cached_tokens":${used.cached}}`
  return `{${basicUsage(used)}${reasoning}${cached}}`
}

function stream(answer: Answer): StreamWriter {
  const head = `data: {"model":${jsonBytes(answer.model)},"id":"chatcmpl-${answer.id}","created":${answer.createdAt},"object":"chat.completion.chunk"`
  const tail = ',"system_fingerprint":null}\n\n'
  const usage = usageFields(answer, usageText, 'null')
  const chunk = (delta: string, used: Usage, finish = 'null') =>
    `${head}${usage.running(used)},"choices":[{"logprobs":null,"index":0,"delta":${delta},"finish_reason":${finish}}]${tail}`
  const thinking = answer.reasoning !== ''
  const calling = answer.toolCalls.length > 0
  const opening = thinking
    ? '{"content":null,"role":"assistant","reasoning_content":""}'
    : '{"content":"","role":"assistant"}'
  return {
    ...(calling && !thinking ? {} : { opening: (used) => chunk(opening, used) }),
    reasoning: (text, used) => chunk(`{"content":null,"reasoning_content":${jsonBytes(text)}}`, used),
    text: (text, used) =>
      chunk(
        thinking
          ? `{"content":${jsonBytes(text)},"reasoning_content":null}`
          : `{"content":${jsonBytes(text)}}`,
        used,
      ),
    toolStart: (call, used) => {
      const role = !thinking && call.index === 0 ? '"content":null,"role":"assistant",' : ''
      return chunk(
        `{${role}"tool_calls":[{"index":${call.index},"id":"call_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":""}}]}`,
        used,
      )
    },
    toolGrain: 'whole',
    toolPiece: (call, text, used) =>
      chunk(
        `{"tool_calls":[{"index":${call.index},"id":"","type":"function","function":{"arguments":${jsonBytes(text)}}}]}`,
        used,
      ),
    closing: (used) => {
      const last = calling ? '{}' : thinking ? '{"content":"","reasoning_content":null}' : '{"content":""}'
      return [
        chunk(last, used, `"${answer.finish}"`),
        ...(answer.usageShown === 'none' ? [] : [`${head}${usage.due(used)},"choices":[]${tail}`]),
        doneFrame,
      ]
    },
  }
}

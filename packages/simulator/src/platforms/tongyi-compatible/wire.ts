import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { basicUsage, doneFrame, q, usageFields } from '../kit.ts'

/**
 * DashScope's compatible mode (fixtures compat-chat-*): recorded from qwen3-max and qwen-plus. Later tool pieces carry
 * an empty id, `content` is null while thinking, usage is null everywhere but in its own last chunk.
 */
export const tongyiWire: ChatWire = {
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
              index: call.index,
              type: 'function',
            })),
          }),
    }
    const usage = usageFields(answer, (used) => `{${basicUsage(used)}${details(used)}}`).due(answer.used)
    return `{"choices":[{"message":${q(message)},"finish_reason":"${answer.finish}","index":0,"logprobs":null}],"object":"chat.completion"${usage},"created":${answer.createdAt},"system_fingerprint":null,"model":${q(answer.model)},"id":"chatcmpl-${answer.id}"}`
  },
  stream,
}

function details(used: Usage): string {
  const reasoning =
    used.reasoning === 0 ? '' : `,"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}`
  return `${reasoning},"prompt_tokens_details":{"cached_tokens":${used.cached}}`
}

/** The order of the counts in a stream. */
function usageText(used: Usage): string {
  return `{"total_tokens":${used.total},"completion_tokens":${used.completion},"prompt_tokens":${used.prompt}${details(used)}}`
}

function stream(answer: Answer): StreamWriter {
  const head = `data: {"model":${jsonBytes(answer.model)},"id":"chatcmpl-${answer.id}","created":${answer.createdAt},"object":"chat.completion.chunk"`
  const tail = ',"system_fingerprint":null}\n\n'
  const usage = usageFields(answer, usageText, 'null')
  const chunk = (delta: string, used: Usage, finish = 'null') =>
    `${head}${usage.running(used)},"choices":[{"logprobs":null,"index":0,"delta":${delta},"finish_reason":${finish}}]${tail}`
  const thinking = answer.reasoning !== ''
  const calling = answer.toolCalls.length > 0
  return {
    ...(calling && !thinking
      ? {}
      : {
          opening: (used) =>
            chunk(
              thinking
                ? '{"content":null,"role":"assistant","reasoning_content":""}'
                : '{"content":"","role":"assistant"}',
              used,
            ),
        }),
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
    toolGrain: 'pieces',
    toolPiece: (call, text, used) =>
      chunk(
        `{"tool_calls":[{"function":{"arguments":${jsonBytes(text)}},"index":${call.index},"id":"","type":"function"}]}`,
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

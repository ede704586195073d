import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { doneFrame, q } from '../kit.ts'

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
    const { used } = answer
    const counts = `"prompt_tokens":${used.prompt},"completion_tokens":${used.completion},"total_tokens":${used.total}`
    const usage = answer.usageShown === 'none' ? '' : `"usage":{${counts}${details(used)}},`
    return `{"choices":[{"message":${q(message)},"finish_reason":"${answer.finish}","index":0,"logprobs":null}],"object":"chat.completion",${usage}"created":${answer.createdAt},"system_fingerprint":null,"model":${q(answer.model)},"id":"chatcmpl-${answer.id}"}`
  },
  stream,
}

function details(used: Usage): string {
  const reasoning =
    used.reasoning === 0 ? '' : `,"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}`
  return `${reasoning},"prompt_tokens_details":{"cached_tokens":${used.cached}}`
}

function stream(answer: Answer): StreamWriter {
  const head = `data: {"model":${jsonBytes(answer.model)},"id":"chatcmpl-${answer.id}","created":${answer.createdAt},"object":"chat.completion.chunk","usage":`
  const tail = ',"system_fingerprint":null}\n\n'
  const chunk = (delta: string, finish = 'null') =>
    `${head}null,"choices":[{"logprobs":null,"index":0,"delta":${delta},"finish_reason":${finish}}]${tail}`
  const thinking = answer.reasoning !== ''
  const calling = answer.toolCalls.length > 0
  return {
    ...(calling && !thinking
      ? {}
      : {
          opening: () =>
            chunk(
              thinking
                ? '{"content":null,"role":"assistant","reasoning_content":""}'
                : '{"content":"","role":"assistant"}',
            ),
        }),
    reasoning: (text) => chunk(`{"content":null,"reasoning_content":${jsonBytes(text)}}`),
    text: (text) =>
      chunk(
        thinking
          ? `{"content":${jsonBytes(text)},"reasoning_content":null}`
          : `{"content":${jsonBytes(text)}}`,
      ),
    toolStart: (call) => {
      const role = !thinking && call.index === 0 ? '"content":null,"role":"assistant",' : ''
      return chunk(
        `{${role}"tool_calls":[{"index":${call.index},"id":"call_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":""}}]}`,
      )
    },
    toolGrain: 'pieces',
    toolPiece: (call, text) =>
      chunk(
        `{"tool_calls":[{"function":{"arguments":${jsonBytes(text)}},"index":${call.index},"id":"","type":"function"}]}`,
      ),
    closing: (used) => {
      const last = calling ? '{}' : thinking ? '{"content":"","reasoning_content":null}' : '{"content":""}'
      const counts = `"total_tokens":${used.total},"completion_tokens":${used.completion},"prompt_tokens":${used.prompt}`
      return [
        chunk(last, `"${answer.finish}"`),
        ...(answer.usageShown === 'none' ? [] : [`${head}{${counts}${details(used)}},"choices":[]${tail}`]),
        doneFrame,
      ]
    },
  }
}

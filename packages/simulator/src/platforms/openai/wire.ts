import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { basicUsage, doneFrame, q, toolCallsOf, usageFields } from '../kit.ts'

/** OpenAI's reference form (fixtures openai-*), with DeepSeek's reasoning fields. */
export const openaiWire: ChatWire = {
  reply(answer) {
    const message = {
      role: 'assistant',
      content: answer.toolCalls.length > 0 ? null : answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      refusal: null,
      ...(answer.toolCalls.length > 0 ? { tool_calls: toolCallsOf(answer) } : {}),
    }
    const usage = usageFields(answer, (used) => usageText(used, true)).due(answer.used)
    return `${head(answer, 'chat.completion')}[{"index":0,"message":${q(message)},"logprobs":null,"finish_reason":"${answer.finish}"}]${usage},"system_fingerprint":null}`
  },
  stream,
}

function head(answer: Answer, object: string): string {
  return `{"id":"chatcmpl-${answer.id}","object":"${object}","created":${answer.createdAt},"model":${q(answer.model)},"choices":`
}

function usageText(used: Usage, details: boolean): string {
  const told = details || used.cached > 0 || used.reasoning > 0
  const more = `,"prompt_tokens_details":{"cached_tokens":${used.cached}},"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}`
  return `{${basicUsage(used)}${told ? more : ''}}`
}

function stream(answer: Answer): StreamWriter {
  const begin = `data: ${head(answer, 'chat.completion.chunk')}`
  const usage = usageFields(
    answer,
    (used) => usageText(used, false),
    answer.usageShown === 'none' ? 'absent' : 'null',
  )
  const chunk = (delta: string, used: Usage, finish = 'null') =>
    `${begin}[{"index":0,"delta":${delta},"finish_reason":${finish}}]${usage.running(used)}}\n\n`
  const thinking = answer.reasoning !== ''
  const callsOnly = answer.toolCalls.length > 0 && !thinking
  return {
    ...(callsOnly
      ? {}
      : {
          opening: (used) =>
            chunk(
              thinking
                ? '{"role":"assistant","content":null,"reasoning_content":""}'
                : '{"role":"assistant","content":""}',
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
      const role = callsOnly && call.index === 0 ? '"role":"assistant","content":null,' : ''
      return chunk(
        `{${role}"tool_calls":[{"index":${call.index},"id":"call_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":""}}]}`,
        used,
      )
    },
    toolGrain: 'pieces',
    toolPiece: (call, text, used) =>
      chunk(`{"tool_calls":[{"index":${call.index},"function":{"arguments":${jsonBytes(text)}}}]}`, used),
    closing: (used) => [
      chunk('{}', used, `"${answer.finish}"`),
      ...(answer.usageShown === 'none' ? [] : [`${begin}[]${usage.due(used)}}\n\n`]),
      doneFrame,
    ],
  }
}

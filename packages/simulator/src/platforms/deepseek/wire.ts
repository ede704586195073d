import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { basicUsage, doneFrame, q, usageFields } from '../kit.ts'

/**
 * DeepSeek's chat (fixtures chat*): it keeps the connection open with a comment before the first chunk and with blank
 * lines before a body; content is null while it thinks and the thinking null afterwards; the chunk with the finish
 * reason carries the usage.
 */
export const deepseekWire: ChatWire = {
  reply(answer) {
    const message = {
      role: 'assistant',
      content: answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(answer.toolCalls.length === 0
        ? {}
        : {
            tool_calls: answer.toolCalls.map((call) => ({
              index: call.index,
              id: `call_0${call.index}_${call.id}`,
              type: 'function',
              function: { name: call.name, arguments: call.arguments },
            })),
          }),
    }
    const usage = usageFields(answer, usageText).due(answer.used)
    return `\n\n${head(answer, 'chat.completion')},"choices":[{"index":0,"message":${q(message)},"logprobs":null,"finish_reason":"${answer.finish}"}]${usage},"system_fingerprint":"${fingerprint}"}`
  },
  stream,
}

const fingerprint = 'fp_simulated'

function head(answer: Answer, object: string): string {
  return `{"id":"${answer.id}","object":"${object}","created":${answer.createdAt},"model":${q(answer.model)}`
}

function usageText(used: Usage): string {
  const details = `"prompt_tokens_details":{"cached_tokens":${used.cached}},"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}`
  return `{${basicUsage(used)},${details},"prompt_cache_hit_tokens":${used.cached},"prompt_cache_miss_tokens":${used.prompt - used.cached}}`
}

function stream(answer: Answer): StreamWriter {
  const begin = `data: ${head(answer, 'chat.completion.chunk')},"system_fingerprint":"${fingerprint}","choices":[{"index":0,"delta":`
  const usage = usageFields(answer, usageText, 'null')
  const chunk = (delta: string, used: Usage) =>
    `${begin}${delta},"logprobs":null,"finish_reason":null}]${usage.running(used)}}\n\n`
  const thinking = answer.reasoning !== ''
  const callsOnly = answer.toolCalls.length > 0 && !thinking
  const noThinking = thinking ? ',"reasoning_content":null' : ''
  return {
    ...(callsOnly
      ? {}
      : {
          opening: (used) =>
            `: keep-alive\n\n${chunk(
              thinking
                ? '{"role":"assistant","content":null,"reasoning_content":""}'
                : '{"role":"assistant","content":""}',
              used,
            )}`,
        }),
    reasoning: (text, used) => chunk(`{"content":null,"reasoning_content":${jsonBytes(text)}}`, used),
    text: (text, used) => chunk(`{"content":${jsonBytes(text)}${noThinking}}`, used),
    toolStart: (call, used) => {
      const role = callsOnly && call.index === 0 ? '"role":"assistant","content":"",' : ''
      return chunk(
        `{${role}"tool_calls":[{"index":${call.index},"id":"call_0${call.index}_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":""}}]}`,
        used,
      )
    },
    toolGrain: 'pieces',
    toolPiece: (call, text, used) =>
      chunk(`{"tool_calls":[{"index":${call.index},"function":{"arguments":${jsonBytes(text)}}}]}`, used),
    closing: (used) => [
      `${begin}{"content":""${noThinking}},"logprobs":null,"finish_reason":"${answer.finish}"}]${usage.due(used)}}\n\n`,
      doneFrame,
    ],
  }
}

import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { plainUsage, q, toolCallsOf, usageFields } from '../kit.ts'

/**
 * Baichuan's chat (fixtures chat*): no space after `data:` but one before the end mark, role and content in every
 * delta, `finish_reason` empty until the last chunk, which carries the last text, the finish and the usage at once.
 */
export const baichuanWire: ChatWire = {
  reply(answer) {
    const message = {
      role: 'assistant',
      content: answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(answer.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(answer) }),
    }
    const usage = usageFields(answer, plainUsage).due(answer.used)
    return `${head(answer, 'chat.completion')}[{"index":0,"message":${q(message)},"finish_reason":"${answer.finish}"}]${usage}}`
  },
  stream,
}

function head(answer: Answer, object: string): string {
  return `{"id":"chatcmpl-M${answer.id.replaceAll('-', '')}","object":"${object}","created":${answer.createdAt},"model":${q(answer.model)},"choices":`
}

function stream(answer: Answer): StreamWriter {
  const begin = `data:${head(answer, 'chat.completion.chunk')}[{"index":0,"delta":{"role":"assistant","content":`
  const usage = usageFields(answer, plainUsage)
  const chunk = (content: string, used: Usage, more = '') =>
    `${begin}${jsonBytes(content)}${more}},"finish_reason":""}]${usage.running(used)}}\n\n`
  const lastChunk = (content: string, used: Usage, more = '') =>
    `${begin}${jsonBytes(content)}${more}},"finish_reason":"${answer.finish}"}]${usage.due(used)}}\n\n`
  let lastWritten = false
  return {
    reasoning: (text, used) => chunk('', used, `,"reasoning_content":${jsonBytes(text)}`),
    text(text, used, last) {
      lastWritten ||= last
      return last ? lastChunk(text, used) : chunk(text, used)
    },
    toolGrain: 'pieces',
    toolPiece(call, text, used, { first, final }) {
      lastWritten ||= final
      const piece = first
        ? `{"index":${call.index},"id":"call_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":${jsonBytes(text)}}}`
        : `{"index":${call.index},"function":{"arguments":${jsonBytes(text)}}}`
      const more = `,"tool_calls":[${piece}]`
      return final ? lastChunk('', used, more) : chunk('', used, more)
    },
    closing: (used) => [...(lastWritten ? [] : [lastChunk('', used)]), 'data: [DONE]\n\n'],
  }
}

import { jsonBytes, toBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter } from '../../contract/chat.ts'
import { basicUsage, doneFrame, q, toolCallsOf } from '../kit.ts'

const note = '"note":"以上内容为AI生成"'
const noteBytes = toBytes(note)

/**
 * Hunyuan's old compatible endpoint (fixtures openai-chat*): the role in every delta, a legal note in every chunk, the
 * usage on the finish chunk, and tool arguments in one later piece that repeats the id with an empty name.
 */
export const hunyuanWire: ChatWire = {
  reply(answer) {
    const message = {
      role: 'assistant',
      content: answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(answer.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(answer) }),
    }
    const usage = answer.usageShown === 'none' ? '' : `"usage":{${basicUsage(answer.used)}},`
    return `${head(answer, 'chat.completion')}[{"index":0,"message":${q(message)},"finish_reason":"${finishOf(answer)}"}],${usage}${note}}`
  },
  stream,
}

function head(answer: Answer, object: string): string {
  return `{"id":"${answer.id.replaceAll('-', '')}","object":"${object}","created":${answer.createdAt},"model":${q(answer.model)},"system_fingerprint":"","choices":`
}

/** The platform's own word for a filtered answer. */
function finishOf(answer: Answer): string {
  return answer.finish === 'content_filter' ? 'sensitive' : answer.finish
}

function stream(answer: Answer): StreamWriter {
  const begin = `data: ${head(answer, 'chat.completion.chunk')}[{"index":0,"delta":{"role":"assistant","content":`
  const chunk = (delta: string) => `${begin}${delta}},"finish_reason":null}],${noteBytes}}\n\n`
  const callText = (id: string, index: number, name: string, text: string) =>
    `"","tool_calls":[{"index":${index},"id":"call_${id}","type":"function","function":{"name":${jsonBytes(name)},"arguments":${jsonBytes(text)}}}]`
  return {
    reasoning: (text) => chunk(`"","reasoning_content":${jsonBytes(text)}`),
    text: (text) => chunk(jsonBytes(text)),
    toolStart: (call) => chunk(callText(call.id, call.index, call.name, '')),
    toolGrain: 'whole',
    toolPiece: (call, text) => chunk(callText(call.id, call.index, '', text)),
    closing(used) {
      const usage = answer.usageShown === 'none' ? '' : `,"usage":{${basicUsage(used)}}`
      return [`${begin}""},"finish_reason":"${finishOf(answer)}"}],${noteBytes}${usage}}\n\n`, doneFrame]
    },
  }
}

import { jsonBytes, toBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { doneFrame, plainUsage, q, toolCallsOf, usageFields } from '../kit.ts'

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
    const usage = usageFields(answer, plainUsage).due(answer.used)
    return `${head(answer, 'chat.completion')}[{"index":0,"message":${q(message)},"finish_reason":"${finishOf(answer)}"}]${usage},${note}}`
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
  const usage = usageFields(answer, plainUsage)
  const chunk = (delta: string, used: Usage) =>
    `${begin}${delta}},"finish_reason":null}],${noteBytes}${usage.running(used)}}\n\n`
  const callText = (id: string, index: number, name: string, text: string) =>
    `"","tool_calls":[{"index":${index},"id":"call_${id}","type":"function","function":{"name":${jsonBytes(name)},"arguments":${jsonBytes(text)}}}]`
  return {
    reasoning: (text, used) => chunk(`"","reasoning_content":${jsonBytes(text)}`, used),
    text: (text, used) => chunk(jsonBytes(text), used),
    toolStart: (call, used) => chunk(callText(call.id, call.index, call.name, ''), used),
    toolGrain: 'whole',
    toolPiece: (call, text, used) => chunk(callText(call.id, call.index, '', text), used),
    closing: (used) => [
      `${begin}""},"finish_reason":"${finishOf(answer)}"}],${noteBytes}${usage.due(used)}}\n\n`,
      doneFrame,
    ],
  }
}

import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, ToolCall } from '../../contract/chat.ts'
import { basicUsage, q } from '../kit.ts'
import { sidOf } from '../spark-kit.ts'

/**
 * Spark's HTTP form (fixtures http-*): no space after `data:`, not even before the end mark; `code` and `sid` in every
 * chunk, no object, model or finish reason; usage in the last chunk; a tool call is whole and a bare object unless the
 * request switched lists on.
 */
export function sparkWire(toolList: boolean): ChatWire {
  return {
    reply(answer) {
      const message = {
        role: 'assistant',
        content: answer.text,
        ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
        ...toolCallsText(answer, toolList),
      }
      const usage = answer.usageShown === 'none' ? '' : `,"usage":{${basicUsage(answer.used)}}`
      return `{"code":0,"message":"Success","sid":"${sidOf('cha', answer)}","choices":[{"message":${q(message)},"index":0}]${usage}}`
    },
    stream: (answer) => stream(answer, toolList),
  }
}

function callOf(call: ToolCall): object {
  // The id is the same in every answer: it counts the calls of one reply only.
  return {
    type: 'function',
    function: { arguments: call.arguments, name: call.name },
    id: `call_${call.index + 1}`,
  }
}

/** Without the switch there is room for one call only. */
function toolCallsText(answer: Answer, toolList: boolean): object {
  const [first] = answer.toolCalls
  if (first === undefined) return {}
  return { tool_calls: toolList ? answer.toolCalls.map(callOf) : callOf(first) }
}

function stream(answer: Answer, toolList: boolean): StreamWriter {
  const sid = sidOf('cha', answer)
  const begin = `data:{"code":0,"message":"Success","sid":"${sid}","id":"${sid}","created":${answer.createdAt},"choices":[{"delta":{"role":"assistant","content":`
  const chunk = (delta: string) => `${begin}${delta}},"index":0}]}\n\n`
  return {
    reasoning: (text) => chunk(`"","reasoning_content":${jsonBytes(text)}`),
    text: (text) => chunk(jsonBytes(text)),
    toolGrain: 'whole',
    toolPiece(call) {
      const one = callOf(call)
      return chunk(`"","tool_calls":${jsonBytes(toolList ? [{ ...one, index: call.index }] : one)}`)
    },
    closing(used) {
      const usage = answer.usageShown === 'none' ? '' : `,"usage":{${basicUsage(used)}}`
      return [`${begin}""},"index":0}]${usage}}\n\n`, 'data:[DONE]\n\n']
    },
  }
}

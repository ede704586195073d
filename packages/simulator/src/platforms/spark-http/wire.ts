import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, ToolCall, Usage } from '../../contract/chat.ts'
import { plainUsage, q, usageFields } from '../kit.ts'
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
      const usage = usageFields(answer, plainUsage).due(answer.used)
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
  const usage = usageFields(answer, plainUsage)
  const chunk = (delta: string, used: Usage) => `${begin}${delta}},"index":0}]${usage.running(used)}}\n\n`
  return {
    reasoning: (text, used) => chunk(`"","reasoning_content":${jsonBytes(text)}`, used),
    text: (text, used) => chunk(jsonBytes(text), used),
    toolGrain: 'whole',
    toolPiece(call, _text, used) {
      const one = callOf(call)
      return chunk(`"","tool_calls":${jsonBytes(toolList ? [{ ...one, index: call.index }] : one)}`, used)
    },
    closing: (used) => [`${begin}""},"index":0}]${usage.due(used)}}\n\n`, 'data:[DONE]\n\n'],
  }
}

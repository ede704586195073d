import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { basicUsage, doneFrame, q, toolCallsOf, usageFields } from '../kit.ts'

/** TokenHub (fixtures tokenhub-chat*): OpenAI's form; the first delta carries the role, usage has its own chunk. */
export const tokenhubWire: ChatWire = {
  reply(answer) {
    const message = {
      role: 'assistant',
      content: answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(answer.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(answer) }),
    }
    const usage = usageFields(answer, (used) => usageText(used, true)).due(answer.used)
    return `${head(answer, 'chat.completion')}[{"index":0,"message":${q(message)},"finish_reason":"${answer.finish}"}]${usage}}`
  },
  stream,
}

function head(answer: Answer, object: string): string {
  return `{"id":"${answer.id.replaceAll('-', '')}","object":"${object}","created":${answer.createdAt},"model":${q(answer.model)},"choices":`
}

/** The details stand in every whole answer; in a stream, where there is something to tell. */
function usageText(used: Usage, details: boolean): string {
  const told = details || used.cached > 0 || used.reasoning > 0
  const more = `,"prompt_tokens_details":{"cached_tokens":${used.cached}},"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}`
  return `{${basicUsage(used)}${told ? more : ''}}`
}

function stream(answer: Answer): StreamWriter {
  const begin = `data: ${head(answer, 'chat.completion.chunk')}`
  const usage = usageFields(answer, (used) => usageText(used, false))
  let role = '"role":"assistant",'
  const chunk = (delta: string, used: Usage, finish = 'null') => {
    const bytes = `${begin}[{"index":0,"delta":{${role}${delta}},"finish_reason":${finish}}]${usage.running(used)}}\n\n`
    role = ''
    return bytes
  }
  return {
    reasoning: (text, used) => chunk(`"content":"","reasoning_content":${jsonBytes(text)}`, used),
    text: (text, used) => chunk(`"content":${jsonBytes(text)}`, used),
    toolStart: (call, used) =>
      chunk(
        `"content":"","tool_calls":[{"index":${call.index},"id":"call_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":""}}]`,
        used,
      ),
    toolGrain: 'pieces',
    toolPiece: (call, text, used) =>
      chunk(`"tool_calls":[{"index":${call.index},"function":{"arguments":${jsonBytes(text)}}}]`, used),
    closing: (used) => [
      chunk('"content":""', used, `"${answer.finish}"`),
      ...(answer.usageShown === 'none' ? [] : [`${begin}[]${usage.due(used)}}\n\n`]),
      doneFrame,
    ],
  }
}

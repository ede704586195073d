import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { basicUsage, doneFrame, q, toolCallsOf, usageFields } from '../kit.ts'

/**
 * Qianfan V2 (fixtures v2-chat*): `flag` in every choice, no `finish_reason` before the last chunk, and the usage on
 * that same chunk. Where the usage stands is not settled by the sources; this is the form of the vendor's SDK.
 */
export const qianfanWire: ChatWire = {
  reply(answer) {
    const message = {
      role: 'assistant',
      content: answer.text,
      ...(answer.reasoning === '' ? {} : { reasoning_content: answer.reasoning }),
      ...(answer.toolCalls.length === 0 ? {} : { tool_calls: toolCallsOf(answer) }),
    }
    const usage = usageFields(answer, usageText).due(answer.used)
    return `${head(answer, 'chat.completion')}[{"index":0,"message":${q(message)},"finish_reason":"${answer.finish}","flag":0}]${usage}}`
  },
  stream,
}

function head(answer: Answer, object: string): string {
  return `{"id":"as-${answer.id.replaceAll('-', '')}","object":"${object}","created":${answer.createdAt},"model":${q(answer.model)},"choices":`
}

function usageText(used: Usage): string {
  const cached = used.cached === 0 ? '' : `,"prompt_tokens_details":{"cached_tokens":${used.cached}}`
  const reasoning =
    used.reasoning === 0 ? '' : `,"completion_tokens_details":{"reasoning_tokens":${used.reasoning}}`
  return `{${basicUsage(used)}${cached}${reasoning}}`
}

function stream(answer: Answer): StreamWriter {
  const begin = `data: ${head(answer, 'chat.completion.chunk')}[{"index":0,"delta":{`
  const usage = usageFields(answer, usageText)
  let opened = false
  // The samples have the role before empty content and after any other.
  const chunk = (delta: string, used: Usage, roleFirst: boolean) => {
    const role = '"role":"assistant"'
    const inner = opened ? delta : roleFirst ? `${role},${delta}` : `${delta},${role}`
    opened = true
    return `${begin}${inner}},"flag":0}]${usage.running(used)}}\n\n`
  }
  return {
    reasoning: (text, used) => chunk(`"content":"","reasoning_content":${jsonBytes(text)}`, used, true),
    text: (text, used) => chunk(`"content":${jsonBytes(text)}`, used, false),
    toolStart: (call, used) =>
      chunk(
        `"content":"","tool_calls":[{"index":${call.index},"id":"call_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":""}}]`,
        used,
        true,
      ),
    toolGrain: 'pieces',
    toolPiece: (call, text, used) =>
      chunk(
        `"content":"","tool_calls":[{"index":${call.index},"function":{"arguments":${jsonBytes(text)}}}]`,
        used,
        true,
      ),
    closing: (used) => [
      `${begin}"content":""},"flag":0,"finish_reason":"${answer.finish}"}]${usage.due(used)}}\n\n`,
      doneFrame,
    ],
  }
}

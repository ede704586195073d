import { jsonBytes, toBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, ToolCall, Usage } from '../../contract/chat.ts'
import { q } from '../kit.ts'

/** The legal note in every answer. */
export const note = '以上内容为AI生成'

const noteBytes = toBytes(`"Note":"${note}"`)

/**
 * Hunyuan's own form (fixtures native-chat*): a whole answer is wrapped in `Response`, the frames of a stream are not.
 * `FinishReason` is "" before the last frame, the running usage stands in every frame, and no end mark follows.
 */
export const hunyuanNativeWire: ChatWire = {
  reply(answer) {
    const calling = answer.toolCalls.length > 0
    const message = {
      Role: 'assistant',
      Content: answer.text,
      ...(answer.reasoning === '' ? {} : { ReasoningContent: answer.reasoning }),
      ...(calling ? { ToolCalls: answer.toolCalls.map(callOf) } : {}),
    }
    // The vendor's example of tool calls has no Index.
    const choice = { ...(calling ? {} : { Index: 0 }), Message: message, FinishReason: finishOf(answer) }
    const head = `"RequestId":"${answer.id}","Note":"${note}"`
    const tail = `"Created":${answer.createdAt},"Id":"${answer.id}"${usageField(answer, answer.used)}`
    return `{"Response":{${head},"Choices":[${q(choice)}],${tail}}}`
  },
  stream,
}

function callOf(call: ToolCall): object {
  return {
    Id: `call_${call.id}`,
    Type: 'function',
    Function: { Name: call.name, Arguments: call.arguments },
  }
}

/** The platform has no word for an answer that was cut at the model's limit; `stop` is not verified. */
function finishOf(answer: Answer): string {
  switch (answer.finish) {
    case 'content_filter':
      return 'sensitive'
    case 'length':
      return 'stop'
    default:
      return answer.finish
  }
}

function usageField(answer: Answer, used: Usage): string {
  if (answer.usageShown === 'none') return ''
  if (answer.usageShown === 'null') return ',"Usage":null'
  // The vendor's SDK types this one count as a string.
  const cached = used.cached === 0 ? '' : `,"PromptTokensDetails":{"CachedTokens":"${used.cached}"}`
  return `,"Usage":{"PromptTokens":${used.prompt},"CompletionTokens":${used.completion},"TotalTokens":${used.total}${cached}}`
}

function stream(answer: Answer): StreamWriter {
  const begin = `data: {${noteBytes},"Choices":[{"Delta":{"Role":"assistant","Content":`
  const facts = `"Index":0}],"Created":${answer.createdAt},"Id":"${answer.id}"`
  const frame = (delta: string, used: Usage, finish = '') =>
    `${begin}${delta}},"FinishReason":"${finish}",${facts}${usageField(answer, used)}}\n\n`
  const callFrame = (call: ToolCall, name: string, text: string, used: Usage) => {
    const inner = `{"Name":${jsonBytes(name)},"Arguments":${jsonBytes(text)}}`
    const one = `{"Id":"call_${call.id}","Type":"function","Function":${inner},"Index":${call.index}}`
    return frame(`"","ToolCalls":[${one}]`, beforeCalls(used))
  }
  return {
    reasoning: (text, used) => frame(`"","ReasoningContent":${jsonBytes(text)}`, used),
    text: (text, used) => frame(jsonBytes(text), used),
    toolStart: (call, used) => callFrame(call, call.name, '', used),
    toolGrain: 'whole',
    // A later frame repeats the id with an empty name.
    toolPiece: (call, text, used) => callFrame(call, '', text, used),
    closing: (used) => [frame('""', used, finishOf(answer))],
  }
}

/** While tools are called the running usage stands still, as in the vendor's example; later frames make up for it. */
function beforeCalls(used: Usage): Usage {
  return { ...used, completion: used.reasoning, total: used.prompt + used.reasoning }
}

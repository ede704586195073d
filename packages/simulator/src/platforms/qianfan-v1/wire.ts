import { jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, ToolCall, Usage } from '../../contract/chat.ts'
import { basicUsage, q } from '../kit.ts'

/**
 * The old chat (sheet 2.3, fixtures v1-chat*): the text is `result`, in a stream a part of it; every frame has the usage
 * up to there; the last one says `is_end` and nothing follows it. What ended an answer stands in three flags, and in
 * `finish_reason` on models that tell one (`tellsFinish`).
 */
export function pathWire(tellsFinish: boolean): ChatWire {
  return {
    reply(answer) {
      const [call] = answer.toolCalls
      const called = call === undefined ? '' : `,"function_call":${q(callOf(call))}`
      return `${head(answer)},"result":${q(answer.text)},"is_truncated":${isTruncated(answer)},${safety(answer)}${called}${finish(answer, tellsFinish)}${usageField(answer, answer.used)}}`
    },
    stream: (answer) => stream(answer, tellsFinish),
  }
}

export function idOf(request: { readonly id: string }): string {
  return `as-${request.id.replaceAll('-', '')}`
}

function head(answer: Answer): string {
  return `{"id":"${idOf(answer)}","object":"chat.completion","created":${answer.createdAt}`
}

function isTruncated(answer: Answer): boolean {
  return answer.finish === 'length'
}

/** `ban_round` names the round to blame; -1 is the present one. */
function safety(answer: Answer): string {
  return answer.finish === 'content_filter'
    ? '"need_clear_history":true,"ban_round":-1'
    : '"need_clear_history":false'
}

const finishWords = {
  stop: 'normal',
  length: 'length',
  tool_calls: 'function_call',
  content_filter: 'content_filter',
} as const

function finish(answer: Answer, tellsFinish: boolean): string {
  return tellsFinish ? `,"finish_reason":"${finishWords[answer.finish]}"` : ''
}

function usageField(answer: Answer, used: Usage): string {
  if (answer.usageShown === 'none') return ''
  return answer.usageShown === 'null' ? ',"usage":null' : `,"usage":{${basicUsage(used)}}`
}

function callOf(call: ToolCall): object {
  return { name: call.name, thoughts: '需要调用工具来回答', arguments: call.arguments }
}

function stream(answer: Answer, tellsFinish: boolean): StreamWriter {
  const begin = `data: ${head(answer)},"sentence_id":`
  let sentences = 0
  let ended = false
  const part = (result: string, used: Usage) => {
    const bytes = `${begin}${sentences},"is_end":false,"is_truncated":false,"result":${jsonBytes(result)},"need_clear_history":false${usageField(answer, used)}}\n\n`
    sentences += 1
    return bytes
  }
  // The flags stand in the last frame alone; whether earlier ones have them too is not verified.
  const end = (used: Usage, called = '') => {
    ended = true
    return `${begin}${sentences},"is_end":true,"is_truncated":${isTruncated(answer)},"result":"",${safety(answer)}${finish(answer, tellsFinish)}${usageField(answer, used)}${called}}\n\n`
  }
  return {
    reasoning: part,
    text: part,
    toolGrain: 'whole',
    // There is room for one call, and it comes whole in the last frame.
    toolPiece: (call, _text, used) => end(used, `,"function_call":${jsonBytes(callOf(call))}`),
    closing: (used) => (ended ? [] : [end(used)]),
  }
}

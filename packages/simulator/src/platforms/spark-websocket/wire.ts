import { type ByteString, jsonBytes, toBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, Usage } from '../../contract/chat.ts'
import { basicUsage, q } from '../kit.ts'
import { sidOf } from '../spark-kit.ts'

/**
 * Spark's frames (fixtures ws-*): status 0, 1 and 2 for the first, the middle ones and the last, which alone carries the
 * usage; a function call is one frame without an id; sources of a web search come before everything and count as none.
 */
export function sparkFrames(showsSources: boolean): ChatWire {
  return { stream: (answer) => stream(answer, showsSources) }
}

function stream(answer: Answer, showsSources: boolean): StreamWriter {
  const header = (status: number) =>
    `{"header":{"code":0,"message":"Success","sid":"${sidOf('cht', answer)}","status":${status}},"payload":`
  let seq = 0
  let ended = false
  const frame = (content: ByteString, more: ByteString, used: Usage, isLast: boolean) => {
    const status = isLast ? 2 : seq === 0 ? 0 : 1
    const text = `{"content":${content},"role":"assistant","index":0${more}}`
    const choices = `{"status":${status},"seq":${seq},"text":[${text}]}`
    seq += 1
    ended = isLast
    return `${header(status)}{"choices":${choices}${usageText(answer, used, isLast)}}}`
  }
  return {
    ...(showsSources ? { opening: () => `${header(1)}{"plugins":{"text":[${sources}]}}}` } : {}),
    reasoning: (text, used) => frame('""', `,"reasoning_content":${jsonBytes(text)}`, used, false),
    // The thinking line ends with an empty frame of its own, the others with their last words.
    text: (text, used, last) => frame(jsonBytes(text), '', used, last && answer.reasoning === ''),
    toolGrain: 'whole',
    toolPiece(call, _text, used, { final }) {
      const called = jsonBytes({ arguments: call.arguments, name: call.name })
      return frame('""', `,"content_type":"text","function_call":${called}`, used, final)
    },
    closing: (used) => (ended ? [] : [frame('""', '', used, true)]),
  }
}

function usageText({ usageShown }: Answer, used: Usage, isLast: boolean): string {
  if (usageShown === 'none' || (!isLast && usageShown !== 'every')) return ''
  if (usageShown === 'null') return ',"usage":null'
  // `question_tokens` is reserved; what it counts is not known.
  return `,"usage":{"text":{"question_tokens":${used.prompt},${basicUsage(used)}}}`
}

const sources = toBytes(
  q({
    name: 'ifly_search',
    content: q([{ index: 1, url: 'https://example.com/a', title: '示例来源' }]),
    content_type: 'text',
    content_meta: null,
    role: 'tool',
    status: 'finished',
    invoked: {
      namespace: 'ifly_search',
      plugin_id: 'ifly_search',
      plugin_ver: '',
      status_code: 200,
      status_msg: 'Success',
      type: 'local',
    },
  }),
)

import { type ByteString, jsonBytes } from '../../byte-string.ts'
import type { Answer, ChatWire, StreamWriter, ToolCall, Usage } from '../../contract/chat.ts'
import { q, usageFields } from '../kit.ts'
import { usageWriter } from './usage.ts'

/** What of the request decides the form of the answer. */
export interface AnswerForm {
  readonly multimodal: boolean
  readonly format: 'text' | 'message'
  /** Each frame of a stream has what is new; otherwise it repeats everything so far. */
  readonly incremental: boolean
  readonly pictures: number
}

interface Said {
  readonly text: string
  readonly reasoning: string
  /** JSON of the items of `tool_calls`. */
  readonly calls: readonly string[]
}

const nothing: Said = { text: '', reasoning: '', calls: [] }

/**
 * The native interface (fixtures native-*): `output` and `usage` apart, usage in every frame, the finish reason the word
 * "null" until the end, numbered events with a status in a comment, no space after `data:` and no end mark.
 */
export function nativeWire(form: AnswerForm): ChatWire {
  return {
    reply(answer) {
      const calls = answer.toolCalls.map((call) =>
        q({
          function: { name: call.name, arguments: call.arguments },
          index: call.index,
          id: `call_${call.id}`,
          type: 'function',
        }),
      )
      const output = outputOf(answer, form, { ...answer, calls }, answer.finish, q)
      const usage = usageFields(answer, usageWriter(answer, form, true)).due(answer.used)
      return `{"output":${output}${usage},"request_id":"${answer.id}"}`
    },
    stream: (answer) => stream(answer, form),
  }
}

function outputOf(
  answer: Answer,
  form: AnswerForm,
  said: Said,
  finish: string,
  json: (text: string) => string,
  index = '',
): string {
  if (form.format === 'text') return `{"finish_reason":"${finish}","text":${json(said.text)}}`
  const text = json(said.text)
  const content = form.multimodal ? (said.text === '' ? '[]' : `[{"text":${text}}]`) : text
  const reasoning = answer.reasoning === '' ? '' : `,"reasoning_content":${json(said.reasoning)}`
  const calls = said.calls.length === 0 ? '' : `,"tool_calls":[${said.calls.join(',')}]`
  const message = `{"content":${content}${reasoning},"role":"assistant"${calls}}`
  return `{"choices":[{"message":${message}${index},"finish_reason":"${finish}"}]}`
}

function stream(answer: Answer, form: AnswerForm): StreamWriter {
  const usage = usageFields(answer, usageWriter(answer, form, false))
  // Recorded: streams of text and of calls number their choices, those of thinking and of vision do not.
  const index = form.multimodal || answer.reasoning !== '' ? '' : ',"index":0'
  const advance = form.incremental ? (now: Said) => now : accumulate()
  let frames = 0
  let finished = false
  const frame = (now: Said, used: Usage, last = false): ByteString => {
    frames += 1
    finished = last
    const finish = last ? answer.finish : 'null'
    const output = outputOf(answer, form, advance(now), finish, jsonBytes, index)
    const told = last ? usage.due(used) : usage.running(used)
    return `id:${frames}\nevent:result\n:HTTP_STATUS/200\ndata:{"output":${output}${told},"request_id":"${answer.id}"}\n\n`
  }
  const callPiece = form.incremental ? newPiece : wholeSoFar()
  return {
    reasoning: (text, used) => frame({ ...nothing, reasoning: text }, used),
    text: (text, used) => frame({ ...nothing, text }, used),
    toolGrain: 'pieces',
    toolPiece: (call, text, used, { first, final }) =>
      frame({ ...nothing, calls: callPiece(call, text, first) }, used, final),
    // The last piece of a call carries the finish itself.
    closing: (used) => (finished ? [] : [frame(nothing, used, true)]),
  }
}

/** Only the first piece of a call has its id and name; later ones have an empty id. */
function newPiece(call: ToolCall, text: string, first: boolean): string[] {
  const name = first ? `"name":${jsonBytes(call.name)},` : ''
  const id = first ? `call_${call.id}` : ''
  return [
    `{"index":${call.index},"id":"${id}","type":"function","function":{${name}"arguments":${jsonBytes(text)}}}`,
  ]
}

/** Calls of a stream that repeats: every frame has all of them so far (not verified). */
function wholeSoFar(): (call: ToolCall, text: string) => string[] {
  const before: string[] = []
  const texts: string[] = []
  return (call, text) => {
    texts[call.index] = (texts[call.index] ?? '') + text
    before[call.index] =
      `{"index":${call.index},"id":"call_${call.id}","type":"function","function":{"name":${jsonBytes(call.name)},"arguments":${jsonBytes(texts[call.index])}}}`
    return [...before]
  }
}

/** Adds each step to those before it. */
function accumulate(): (now: Said) => Said {
  let soFar = nothing
  return (now) => {
    soFar = {
      text: soFar.text + now.text,
      reasoning: soFar.reasoning + now.reasoning,
      calls: now.calls.length > 0 ? now.calls : soFar.calls,
    }
    return soFar
  }
}

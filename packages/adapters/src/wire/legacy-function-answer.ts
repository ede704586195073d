import type {
  ChatAnswer,
  ChatStreamReader,
  ChatStreamSink,
  ChatStreamState,
  Refusal,
} from '../contract/index.ts'
import { bytesOf, textOfBytes } from './bytes.ts'
import { arrayOf, isObject, objectOf, parseJson, type MutableJson } from './json.ts'
import { withFinishReason } from './stream-record.ts'

/** A whole answer in OpenAI's form with the first tool call told as `function_call`: the old form has room for one. */
export function functionCallInAnswer(answer: ChatAnswer | Refusal): ChatAnswer | Refusal {
  if (!answer.ok || answer.finishReason !== 'tool_calls') return answer
  const body = objectOf(parseJson(textOfBytes(bytesOf(answer.body))))
  if (body === undefined) return answer
  for (const choice of arrayOf(body['choices']) ?? []) if (isObject(choice)) rewrite(choice, 'message')
  return { ...answer, body: JSON.stringify(body), finishReason: 'function_call' }
}

/** The same for a stream: `read` makes its reader on the sink it is given, where whole events in OpenAI's form arrive. */
export function functionCallInStream(
  sink: ChatStreamSink,
  read: (sink: ChatStreamSink) => ChatStreamReader,
): ChatStreamReader {
  const reader = read((events) => {
    const texts = textOfBytes(bytesOf(events))
      .split('\n\n')
      .filter((event) => event !== '')
    sink(texts.map(rewriteEvent).join(''))
  })
  return {
    get state(): ChatStreamState {
      const { state } = reader
      return state.finishReason === 'tool_calls' ? withFinishReason(state, 'function_call') : state
    },
    push: (bytes) => reader.push(bytes),
    end: () => reader.end(),
  }
}

function rewriteEvent(event: string): string {
  const chunk = objectOf(parseJson(event.replace(/^data: ?/, '')))
  for (const choice of arrayOf(chunk?.['choices']) ?? []) if (isObject(choice)) rewrite(choice, 'delta')
  return chunk === undefined ? `${event}\n\n` : `data: ${JSON.stringify(chunk)}\n\n`
}

function rewrite(choice: MutableJson, saidIn: 'message' | 'delta'): void {
  const said = objectOf(choice[saidIn])
  const calls = arrayOf(said?.['tool_calls'])
  if (choice['finish_reason'] === 'tool_calls') choice['finish_reason'] = 'function_call'
  if (said === undefined || calls === undefined) return
  delete said['tool_calls']
  const first = calls.find((call) => isObject(call) && (saidIn === 'message' || call['index'] === 0))
  if (isObject(first)) said['function_call'] = first['function']
}

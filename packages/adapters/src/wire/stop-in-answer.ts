import type { ChatAnswer, Refusal } from '../contract/index.ts'
import { bytesOf, textOfBytes } from './bytes.ts'
import { arrayOf, isObject, parseJson } from './json.ts'
import { cutAtStop } from './stop-cutter.ts'

/**
 * Cuts stop texts out of a whole answer in OpenAI's form. An answer that the platform's limit ended only after a stop
 * text ended, to the client, at the stop text. `outputBytes` still counts what was generated, which is what is billed.
 */
export function stopInAnswer(stops: readonly string[], answer: ChatAnswer | Refusal): ChatAnswer | Refusal {
  if (stops.length === 0 || !answer.ok) return answer
  const body = parseJson(textOfBytes(bytesOf(answer.body)))
  if (!isObject(body)) return answer
  let { finishReason } = answer
  let changed = false
  for (const choice of arrayOf(body['choices']) ?? []) {
    const message = isObject(choice) ? choice['message'] : undefined
    if (!isObject(choice) || !isObject(message) || typeof message['content'] !== 'string') continue
    const content = cutAtStop(message['content'], stops)
    if (content === message['content']) continue
    message['content'] = content
    if (choice['finish_reason'] === 'length') choice['finish_reason'] = finishReason = 'stop'
    changed = true
  }
  return changed ? { ...answer, body: JSON.stringify(body), finishReason } : answer
}

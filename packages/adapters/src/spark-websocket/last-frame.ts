import { isObject, objectOf, parseJson, type JsonObject } from '../wire/json.ts'
import { sparkCode } from '../wire/spark-errors.ts'

/**
 * Whether this frame ends the conversation. Most frames do not, and are told by their text alone: a member of that name
 * and value cannot hide from a search for it, while text that looks like one has its quotes escaped. What is found may
 * still be another object's member (a function's arguments may come as an object), so it is then looked at properly.
 */
export function isLastFrame(frame: string): boolean {
  if (!MAY_BE_LAST.test(frame)) return false
  const parsed = parseJson(frame)
  return isObject(parsed) && endsConversation(parsed)
}

/** Status 2, or a code other than 0: nothing follows an error, and a warning (10019) follows the whole answer. */
export function endsConversation(frame: JsonObject): boolean {
  const header = objectOf(frame['header']) ?? frame
  const choices = objectOf(objectOf(frame['payload'])?.['choices'])
  const code = sparkCode(header)
  return (code !== undefined && code !== '0') || header['status'] === 2 || choices?.['status'] === 2
}

const MAY_BE_LAST = /"status"\s*:\s*2|"code"\s*:\s*(?!0\s*[,}])/

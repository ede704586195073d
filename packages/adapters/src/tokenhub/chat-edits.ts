import type { Call, ChatRequest } from '../contract/index.ts'
import type { BodyEdits } from '../wire/splice.ts'

/**
 * TokenHub's own Hy models name the reasoning effort in their way: `no_think`, `low` and `high` are what hy3-preview
 * knows (public client notes, not the vendor's page). Models of other makers that are resold here take OpenAI's words.
 */
export function tokenhubChatEdits(request: ChatRequest, call: Call): BodyEdits | undefined {
  const effort = request.body['reasoning_effort']
  if (typeof effort !== 'string' || !/^hy\d/.test(call.upstreamModel)) return undefined
  return { set: { reasoning_effort: HY_EFFORTS.get(effort) } }
}

const HY_EFFORTS: ReadonlyMap<string, string> = new Map([
  ['none', 'no_think'],
  ['minimal', 'no_think'],
  ['medium', 'high'],
  ['xhigh', 'high'],
])

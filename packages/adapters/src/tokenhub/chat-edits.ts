import type { Call, ChatRequest } from '../contract/index.ts'
import { objectOf } from '../wire/json.ts'
import { normaliseMessages } from '../wire/normalise-messages.ts'
import type { BodyEdits } from '../wire/splice.ts'

/**
 * TokenHub follows OpenAI closely (provider sheet; vendor page 1823/132252). It streams usage only when asked, and
 * its own Hy models name the reasoning effort differently. It resells models of other makers, so that no field is
 * dropped here: what a model does not take, the platform says.
 *
 * Which of the two names bounds the output is not verified; `max_tokens` is the one all its models had before.
 */
export function tokenhubChatEdits(request: ChatRequest, call: Call): BodyEdits {
  const { body } = request
  return {
    drop: ['max_tokens', 'max_completion_tokens', 'stream_options'],
    set: {
      model: call.upstreamModel,
      messages: normaliseMessages(body['messages'], {}),
      max_tokens: request.maxOutputTokens,
      stream_options: request.stream
        ? { ...objectOf(body['stream_options']), include_usage: true }
        : undefined,
      reasoning_effort: /^hy\d/.test(call.upstreamModel) ? hyEffort(body['reasoning_effort']) : undefined,
    },
  }
}

/** `no_think`, `low` and `high` are what hy3-preview knows (public client notes, not the vendor's page). */
function hyEffort(effort: unknown): string | undefined {
  if (typeof effort !== 'string') return undefined
  return HY_EFFORTS.get(effort)
}

const HY_EFFORTS: ReadonlyMap<string, string> = new Map([
  ['none', 'no_think'],
  ['minimal', 'no_think'],
  ['medium', 'high'],
  ['xhigh', 'high'],
])

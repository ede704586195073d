import type { Call, HeaderMap, ProbeOperation, ProviderError, ResponseHead } from '../contract/index.ts'
import { textOfBytes } from './bytes.ts'
import type { ErrorRule } from './error-rules.ts'
import { jsonHeaders } from './headers.ts'
import { objectOf, parseJson } from './json.ts'
import { errorInAnswer, readOpenAiError } from './read-error.ts'

export interface ProbeRules {
  readonly errors: readonly ErrorRule[]
  readonly headers?: (call: Call, streams: boolean) => HeaderMap
}

/** A `GET` that costs nothing, for platforms where it is known to check the key. */
export function getProbe(url: (call: Call) => string, rules: ProbeRules): ProbeOperation {
  return {
    spends: false,
    request: (call) => ({
      transport: 'http',
      method: 'GET',
      url: url(call),
      headers: (rules.headers ?? jsonHeaders)(call, false),
    }),
    read: (head, body, call) => readProbe(head, body, call, rules.errors),
  }
}

/**
 * A chat of one token, for platforms whose free pages answer without a valid key. The key is good, too, when the
 * platform refuses for another reason than the key: the caller sees that reason.
 */
export function chatProbe(
  rules: ProbeRules & {
    readonly maxTokensName?: string
    /** Asked when the account has no model of its own yet. */
    readonly model?: string
  },
): ProbeOperation {
  return {
    spends: true,
    request: (call) => ({
      transport: 'http',
      method: 'POST',
      url: `${call.baseUrl}/chat/completions`,
      headers: (rules.headers ?? jsonHeaders)(call, false),
      body: JSON.stringify({
        model: call.upstreamModel === '' ? rules.model : call.upstreamModel,
        messages: [{ role: 'user', content: 'hi' }],
        [rules.maxTokensName ?? 'max_tokens']: 1,
      }),
    }),
    read: (head, body, call) => readProbe(head, body, call, rules.errors),
  }
}

/** A 200 is no proof: it may hold an error, or the web page of whatever stands at a wrong base URL. */
function readProbe(
  head: ResponseHead,
  body: Uint8Array,
  call: Call,
  rules: readonly ErrorRule[],
): ProviderError | undefined {
  const answer = objectOf(parseJson(textOfBytes(body)))
  if (head.status >= 300 || answer === undefined) return readOpenAiError(head, body, call, rules)
  return errorInAnswer(answer, head, call, rules)
}

import type { Call, ProviderError, ResponseHead } from '../contract/index.ts'
import { textOfBytes } from './bytes.ts'
import type { ErrorRule } from './error-rules.ts'
import { numberOf, objectOf, parseJson, textOf, type JsonObject } from './json.ts'
import { errorInAnswer, readOpenAiError } from './read-error.ts'
import type { StreamPiece } from './translated-stream.ts'
import { untilMidnightInChinaMs } from './until-midnight.ts'

/**
 * The failure that an event or a whole body reports, inside a 200 too: a `code` other than 0 (a number here, text in
 * OpenAI's `error`), at the top or in the `header` that the native services use. `undefined` when there is none.
 *
 * 10019 is none where an answer stands beside or before it: it is sent after the complete answer, which is valid and
 * billed (provider sheet, section 6).
 */
export function sparkFailure(event: JsonObject, head: ResponseHead, call: Call): ProviderError | undefined {
  const inner = objectOf(event['error'])
  const said = inner ?? objectOf(event['header']) ?? event
  const code = sparkCode(said)
  if (inner === undefined && (code === undefined || code === '0' || code === WARNING)) return undefined
  const told = textOf(said['message']) ?? `Spark reported error ${code ?? 'without a code'}`
  const message = code !== undefined && TWO_MEANINGS.has(code) ? `${told} (${BOTH_MEANINGS})` : told
  return errorInAnswer({ error: { ...said, message } }, head, call, sparkErrorRules)
}

/**
 * The same where a client has begun to read. Moderation of the output, or of a picture in it, then ends the answer with
 * the finish reason that OpenAI has for it; it is an error only where nothing was said (provider sheet, section 6).
 */
export function sparkFailureMidway(failure: ProviderError): StreamPiece | ProviderError {
  const { upstreamCode } = failure
  const isOfOutput = upstreamCode === '10014' || upstreamCode === '10022'
  return isOfOutput ? { finishReason: 'content_filter', complete: true } : failure
}

/** The code that an event, its `header` or its `error` tells, as text: `0` for success. */
export function sparkCode(said: JsonObject): string | undefined {
  return textOf(said['code']) ?? numberOf(said['code'])?.toString()
}

/** Reads a refused call. */
export function readSparkError(head: ResponseHead, body: Uint8Array, call: Call): ProviderError {
  const parsed = objectOf(parseJson(textOfBytes(body)))
  const failure = parsed === undefined ? undefined : sparkFailure(parsed, head, call)
  return failure ?? readOpenAiError(head, body, call, sparkErrorRules)
}

/** Codes that leave people guessing, with names like `AppIdNoAuthError`. */
const TWO_MEANINGS: ReadonlySet<string> = new Set(['10016', '11200'])
const BOTH_MEANINGS = 'this model version is not opened for the application, or its package has ended'

const WARNING = '10019'

const usedUp = /用(完|尽)|余量|超限|超过|不足|used up|exhausted|over (the )?limit|exceed/i

/**
 * Spark's codes (provider sheet; vendor pages Web.html and 接口说明.html, meaning of the moderation codes from
 * iFLYTEK-OP/websdk-java `doc/spark/maasapi.md`). The HTTP status that comes with a code is not documented, 4xx and
 * 500 were seen for the same one: code and words decide, the status only where there is neither.
 */
export const sparkErrorRules: readonly ErrorRule[] = [
  // Input, then output and pictures.
  { kind: 'content_filter', code: /^(10013|10021|10014|10022|10019)$/ },
  { kind: 'context_length_exceeded', code: '10907' },
  { kind: 'model_not_found', code: '10404' },
  { kind: 'invalid_request', code: /^(10003|10004|10005|10163)$/ },
  // One request per user id at a time; requests, tokens and connections per time.
  { kind: 'rate_limited', code: /^(10006|10007|11202|11203)$/ },
  // What the application may ask for in a day is part of the package that was bought: no pause of seconds helps.
  { kind: 'balance_exhausted', code: '11201', retryAfterMs: untilMidnightInChinaMs },
  { kind: 'overloaded', code: /^(10008|10110)$/ },
  { kind: 'permission_denied', code: '10015' },

  // One code for "not opened", "used up" and "too many at once"; 11200 is the same without the last.
  { kind: 'rate_limited', code: '10016', message: /并发|concurren/i },
  { kind: 'free_quota_exhausted', code: /^(10016|11200)$/, message: usedUp },
  { kind: 'permission_denied', code: /^(10016|11200)$/, mayMeanFreeQuota: true },
  { kind: 'permission_denied', message: /AppIdNoAuth|licc/i, mayMeanFreeQuota: true },

  { kind: 'rate_limited', message: /AppIdQpsOverFlow/i },
  { kind: 'invalid_credentials', message: /^(invalid user|Unauthorized)|HMAC signature/i },
  // The fine-tuning service answers 429 for both.
  { kind: 'balance_exhausted', message: /exceeded (your )?current quota/i },
  { kind: 'upstream_error', code: /^1\d{4}$/ },
]

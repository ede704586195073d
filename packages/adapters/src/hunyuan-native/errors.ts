import type { Call, ProviderError, ResponseHead } from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import type { ErrorRule } from '../wire/error-rules.ts'
import { numberOf, objectOf, parseJson, textOf, type JsonObject } from '../wire/json.ts'
import { errorInAnswer, readOpenAiError } from '../wire/read-error.ts'
import { unwrapped } from './unwrapped.ts'

/**
 * The failure that an answer or a frame reports, nearly always with HTTP 200: `Error` instead of an answer, or `ErrorMsg`
 * in the middle of a stream. `undefined` when there is none; the SDK's types allow an `ErrorMsg` that is null or empty.
 */
export function hunyuanFailure(
  answer: JsonObject,
  head: ResponseHead,
  call: Call,
): ProviderError | undefined {
  const error = objectOf(answer['Error'])
  const broken = objectOf(answer['ErrorMsg'])
  const code = codeOf(error?.['Code']) ?? codeOf(broken?.['Code'])
  const told = textOf(error?.['Message']) ?? textOf(broken?.['Msg'])
  if (error === undefined && code === undefined && told === undefined) return undefined
  const message = told ?? `Tencent Cloud reported ${code ?? 'an error without a code'}`
  const hint = code === 'AuthFailure.SignatureExpire' ? CHECK_CLOCK : ''
  return errorInAnswer({ error: { code, message: message + hint } }, head, call, hunyuanErrorRules)
}

/** Reads a refused call: a 200 that is no stream, or the page of something in between. */
export function readHunyuanError(head: ResponseHead, body: Uint8Array, call: Call): ProviderError {
  const answer = unwrapped(parseJson(textOfBytes(body)))
  const failure = answer === undefined ? undefined : hunyuanFailure(answer, head, call)
  return failure ?? readOpenAiError(head, body, call, hunyuanErrorRules)
}

function codeOf(value: unknown): string | undefined {
  const code = textOf(value) ?? numberOf(value)?.toString()
  return code === '0' ? undefined : code
}

const CHECK_CLOCK =
  ' (check the clock of this server: Tencent refuses signatures that are more than 5 minutes off)'

/**
 * Tencent's codes: those of the service and the common ones of API 3.0 (provider sheet, section 5.1; vendor SDK's
 * `errorcodes.py`). The narrower before the wider. A prompt that is too long has no code: the oldest text is cut.
 */
const hunyuanErrorRules: readonly ErrorRule[] = [
  { kind: 'free_quota_exhausted', code: 'FailedOperation.FreeResourcePackExhausted' },
  { kind: 'balance_exhausted', code: /^FailedOperation\.(ResourcePackExhausted|ServiceStopArrears)$/ },
  // "The billing resources are used up" (计费资源已耗尽): which of them, a bought pack or the gift, it does not say.
  { kind: 'balance_exhausted', code: 'ResourceInsufficient.ChargeResourceExhaust', mayMeanFreeQuota: true },
  { kind: 'balance_exhausted', code: /^ResourceUnavailable\.(InArrears|LowBalance)$/ },

  { kind: 'content_filter', code: /^OperationDenied\.(Text|Image)IllegalDetected$/ },
  { kind: 'content_filter', code: 'FailedOperation.GenerateImageFailed' },

  { kind: 'invalid_credentials', code: /^AuthFailure(\.|$)/ },
  { kind: 'permission_denied', code: /^UnauthorizedOperation(\.|$)/ },
  { kind: 'permission_denied', code: /^(IpInBlacklist|IpNotInWhitelist)$/ },
  // Stopped by the user, not opened, not real-name verified, not for partners' accounts.
  {
    kind: 'permission_denied',
    code: /^FailedOperation\.(ServiceStop|ServiceNotActivated|UserUnAuthError|PartnerAccountUnSupport)$/,
  },
  { kind: 'permission_denied', code: /^ResourceUnavailable\.(StopUsing|NotExist)$/ },
  { kind: 'permission_denied', code: 'UnsupportedOperation.NonWhitelistAccount' },

  { kind: 'rate_limited', code: /^(RequestLimitExceeded|LimitExceeded)(\.|$)/ },
  { kind: 'rate_limited', code: 'FailedOperation.EngineServerLimitExceeded' },
  { kind: 'timeout', code: /^(FailedOperation\.EngineRequestTimeout|4001)$/ },
  { kind: 'overloaded', code: /^(ServiceUnavailable|ResourceInsufficient)$/ },

  { kind: 'model_not_found', code: 'InvalidParameterValue.Model' },
  // The interface itself is retired.
  { kind: 'model_not_found', code: /^(ActionOffline|NoSuchVersion|NoSuchProduct|InvalidAction)$/ },
  {
    kind: 'invalid_request',
    code: /^(InvalidParameter|InvalidParameterValue|MissingParameter|UnknownParameter|InvalidRequest|UnsupportedOperation|RequestSizeLimitExceeded)(\.|$)/,
  },
  // Pictures that cannot be fetched or read.
  { kind: 'invalid_request', code: /^FailedOperation\.(DownloadError|Image(Download|Decode)\w+)$/ },

  // EngineServerError and ConsoleServerError among them; 4000 is a stream's.
  { kind: 'upstream_error', code: /^(FailedOperation|InternalError)(\.|$)|^4000$/ },
]

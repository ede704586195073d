import {
  ProviderError,
  type Call,
  type HttpExchange,
  type ResponseHead,
  type SessionOperation,
} from '../contract/index.ts'
import { textOfBytes } from '../wire/bytes.ts'
import type { ErrorRule } from '../wire/error-rules.ts'
import { objectOf, parseJson, secondsOf, textOf } from '../wire/json.ts'
import { errorInAnswer, readOpenAiError } from '../wire/read-error.ts'
import { signVolcengineRequest } from './sign-request.ts'

/**
 * Temporary API keys for accounts with an access key and its secret (provider sheet of Ark, section 4;
 * volcengine.com/docs/82379/1262825): `GetApiKey` of the control plane mints one for exactly one endpoint, bot or
 * preset endpoint, for a week like the vendor's own SDK. Accounts with an API key need none.
 */
export const arkSession: SessionOperation = {
  scope: (call) => (call.credentials['accessKeyId'] === undefined ? undefined : call.upstreamModel),
  request: getApiKey,
  read(head, body, call) {
    const answer = objectOf(parseJson(textOfBytes(body)))
    const refusal = objectOf(objectOf(answer?.['ResponseMetadata'])?.['Error'])
    if (refusal !== undefined) {
      const said = { error: { code: refusal['Code'], message: refusal['Message'] } }
      const error = errorInAnswer(said, head, call, controlPlaneRules)
      if (error !== undefined) return { ok: false, error }
    }
    const result = objectOf(answer?.['Result'])
    const apiKey = textOf(result?.['ApiKey'])
    const expiresAtSeconds = secondsOf(result?.['ExpiredTime'])
    if (apiKey === undefined || expiresAtSeconds === undefined) {
      return { ok: false, error: readUnknown(head, body, call) }
    }
    return { ok: true, values: { apiKey }, expiresAtMs: expiresAtSeconds * 1000 }
  },
}

const durationSeconds = 604_800

function getApiKey(call: Call): HttpExchange {
  const url = new URL(call.options['controlUrl'] ?? 'https://open.volcengineapi.com')
  const resource = resourceOf(call.upstreamModel)
  const body = JSON.stringify({
    DurationSeconds: durationSeconds,
    ResourceType: resource,
    ResourceIds: [call.upstreamModel],
    // Volcengine's first project is called so; preset endpoints belong to one.
    ...(resource === 'presetendpoint' ? { ProjectName: call.options['projectName'] ?? 'default' } : {}),
  })
  const { headers, query } = signVolcengineRequest({
    accessKeyId: call.credentials['accessKeyId'] ?? '',
    secretAccessKey: call.credentials['secretAccessKey'] ?? '',
    region: call.options['region'] ?? 'cn-beijing',
    service: 'ark',
    method: 'POST',
    host: url.host,
    path: url.pathname,
    query: { Action: 'GetApiKey', Version: '2024-01-01' },
    headers: { 'content-type': 'application/json' },
    body,
    atMs: call.nowMs,
  })
  return { transport: 'http', method: 'POST', url: `${url.origin}${url.pathname}?${query}`, headers, body }
}

/** As the vendor's SDKs tell them apart: an id of a model stands for its preset endpoint. */
function resourceOf(model: string): 'bot' | 'endpoint' | 'presetendpoint' {
  if (model.startsWith('bot-')) return 'bot'
  return model.startsWith('ep-') && !model.startsWith('ep-m-') ? 'endpoint' : 'presetendpoint'
}

/** No list of GetApiKey's codes is published (not verified): the control plane's common ones. */
const controlPlaneRules: readonly ErrorRule[] = [
  {
    kind: 'invalid_credentials',
    code: /^(SignatureDoesNotMatch|InvalidAccessKey|InvalidCredential|InvalidSecretToken|InvalidAuthorization|MissingAuthenticationToken|AuthFailure)/,
  },
  // Signed at a time that is not the platform's: a fault of our clock that no other request gets past.
  {
    kind: 'invalid_credentials',
    code: /^(InvalidTimestamp|RequestExpired|SignatureExpired|ExpiredTimestamp)/,
  },
  { kind: 'permission_denied', code: /^(AccessDenied|NotAuthorized|Forbidden|OperationDenied)/ },
  { kind: 'rate_limited', code: /RateLimitExceeded|^(FlowLimitExceeded|Throttling|TooManyRequests)/ },
  { kind: 'model_not_found', code: /NotFound$|^(InvalidResource|ResourceNotFound)/ },
]

function readUnknown(head: ResponseHead, body: Uint8Array, call: Call): ProviderError {
  if (head.status >= 300) return readOpenAiError(head, body, call, controlPlaneRules)
  const message = 'The control plane answered without a temporary key'
  return new ProviderError('upstream_error', {
    message,
    status: head.status,
    upstreamCode: 'unreadable_answer',
    concluded: true,
  })
}

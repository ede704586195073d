import { signTc3 } from './signature.ts'
import type { Incoming } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'

const clockSkewSecondsMax = 300
const version = '2023-09-01'
const service = 'hunyuan'

/** `AKIDsim…`: every id of the look is an account of its own, and its secret key is the id followed by `-secret`. */
const secretKeyOf = (secretId: string) => `${secretId}-secret`

/** The account whose key signed the request, or what Tencent Cloud says is wrong with the signature. */
export function admit(request: Incoming): { account: string } | Refusal {
  const action = headerOf(request, 'x-tc-action')
  const timestamp = headerOf(request, 'x-tc-timestamp')
  const asked = headerOf(request, 'x-tc-version')
  const authorization = request.headers.authorization
  if (authorization === undefined) return missing('Authorization')
  if (action === undefined) return missing('Action')
  if (asked === undefined) return missing('Version')
  if (timestamp === undefined) return missing('Timestamp')
  if (asked !== version) return refused('NoSuchVersion', 'The specified version does not exist.')

  const claim = readAuthorization(authorization)
  if (isRefusal(claim)) return claim
  // Which code goes with a scope that does not fit is not verified.
  if (claim.service !== service) return unauthorized(`the service in Credential should be ${service}`)
  if (claim.date !== dayOf(timestamp)) {
    return unauthorized('the date in Credential should be the day of X-TC-Timestamp in UTC')
  }
  if (!isSecretId(claim.secretId)) {
    return refused('AuthFailure.SecretIdNotFound', 'The SecretId is not found')
  }
  // None of the simulated keys is a temporary one.
  if (headerOf(request, 'x-tc-token') !== undefined) {
    return refused('AuthFailure.TokenFailure', 'The token does not belong to the SecretId')
  }
  if (Math.abs(request.createdAt - Number(timestamp)) > clockSkewSecondsMax) {
    return refused('AuthFailure.SignatureExpire', 'Signature expired')
  }
  return isSignedBy(claim, request, timestamp)
    ? { account: claim.secretId }
    : refused('AuthFailure.SignatureFailure', 'The provided credentials could not be validated')
}

interface Claim {
  readonly secretId: string
  readonly date: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

const form =
  /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/([^/,\s]+)\/([^/,\s]+)\/tc3_request, ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/

function readAuthorization(header: string): Claim | Refusal {
  const [, secretId = '', date = '', named = '', headers = '', signature = ''] = form.exec(header) ?? []
  if (signature === '') return unauthorized('the Authorization header is malformed')
  const signedHeaders = headers.split(';')
  if (!signedHeaders.includes('content-type') || !signedHeaders.includes('host')) {
    return unauthorized('SignedHeaders should have content-type and host')
  }
  return { secretId, date, service: named, signedHeaders, signature }
}

function isSignedBy(claim: Claim, request: Incoming, timestamp: string): boolean {
  const host = request.headers.host ?? ''
  const sent = claim.signedHeaders.map((name) => [name, headerOf(request, name)] as const)
  if (sent.some(([, value]) => value === undefined)) return false
  // Tencent's own signer signs the name of the host without its port. On the real service, whose port is the default
  // one, both are the same; here both are taken.
  return [host, host.replace(/:\d+$/, '')].some((signedHost) => {
    const headers = sent.map(
      ([name, value = '']) => [name, name.toLowerCase() === 'host' ? signedHost : value] as const,
    )
    const { method, query, body } = request
    const { date } = claim
    const signed = { method, query, body, headers, timestamp, date, service: claim.service }
    return signTc3(signed, secretKeyOf(claim.secretId)) === claim.signature
  })
}

function isSecretId(id: string): boolean {
  return /^AKID\w+$/.test(id) && id.includes('sim')
}

/** The UTC day of a time in Unix seconds; no day for what is no such time. */
function dayOf(timestamp: string): string | undefined {
  return /^\d{1,11}$/.test(timestamp)
    ? new Date(Number(timestamp) * 1000).toISOString().slice(0, 10)
    : undefined
}

function headerOf(request: Incoming, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function missing(name: string): Refusal {
  return {
    refused: 'missing-key',
    variant: 'MissingParameter',
    message: `The request is missing a required parameter \`${name}\`.`,
  }
}

function unauthorized(message: string): Refusal {
  return refused('AuthFailure.InvalidAuthorization', message)
}

/** `variant` is Tencent's code. */
function refused(code: string, message: string): Refusal {
  return { refused: 'bad-key', variant: code, message }
}

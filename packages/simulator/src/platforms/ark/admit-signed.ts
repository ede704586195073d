import { sha256, signVolcengine } from './signature.ts'
import type { Incoming } from '../../contract/platform.ts'
import { type Refusal, isRefusal } from '../../contract/refusal.ts'

/** Not on a page we could read; fifteen minutes is what signatures of this family allow. */
const clockSkewSecondsMax = 900
const version = '2024-01-01'
const region = 'cn-beijing'
const service = 'ark'

/** `AKLT…sim…`: every key of the look is an account of its own, and its secret is the key followed by `-secret`. */
const secretOf = (accessKeyId: string) => `${accessKeyId}-secret`

/** The account whose access key signed a call of the control plane, or what is wrong with the signature. */
export function admitSigned(request: Incoming): { account: string } | Refusal {
  const { authorization } = request.headers
  const date = headerOf(request, 'x-date')
  if (authorization === undefined) {
    return refused('MissingAuthenticationToken', 'Request is missing Authentication Token.')
  }
  if (date === undefined) return refused('MissingRequestInfo', 'The request is missing X-Date information.')
  const claim = readAuthorization(authorization)
  if (isRefusal(claim)) return claim
  const sentAt = secondsOf(date)
  if (sentAt === undefined || Math.abs(request.createdAt - sentAt) > clockSkewSecondsMax) {
    return refused('InvalidTimestamp', 'The signature of the request is expired.')
  }
  if (!/^AKLT\w*sim\w*$/.test(claim.accessKeyId)) {
    return refused(
      'InvalidAccessKey',
      `The accesskey [${claim.accessKeyId}] included in the request is invalid.`,
    )
  }
  if (!isSignedBy(claim, request, date)) {
    return refused(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
    )
  }
  const query = new URLSearchParams(request.query)
  return query.get('Version') === version
    ? { account: claim.accessKeyId }
    : refused(
        'InvalidActionOrVersion',
        `Could not find operation ${query.get('Action') ?? ''} for version ${query.get('Version') ?? ''}.`,
      )
}

interface Claim {
  readonly accessKeyId: string
  readonly scope: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

const form =
  /^HMAC-SHA256 Credential=([^/,\s]+)\/([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-f]{64})$/

function readAuthorization(header: string): Claim | Refusal {
  const [, accessKeyId = '', scope = '', headers = '', signature = ''] = form.exec(header) ?? []
  if (signature === '') return refused('MissingSignature', 'The request is missing signature.')
  return { accessKeyId, scope, signedHeaders: headers.split(';'), signature }
}

/** Signers differ in what they sign; the time is always among it, and the hash of the body where there is one. */
function isSignedBy(claim: Claim, request: Incoming, date: string): boolean {
  const { method, path, query, body } = request
  const headers = claim.signedHeaders.map((name) => [name, headerOf(request, name) ?? ''] as const)
  const bodyHash = body === '' ? undefined : sha256(body)
  return (
    claim.scope === `${date.slice(0, 8)}/${region}/${service}/request` &&
    headers.every(([, value]) => value !== '') &&
    claim.signedHeaders.includes('x-date') &&
    (bodyHash === undefined || claim.signedHeaders.includes('x-content-sha256')) &&
    (bodyHash ?? headerOf(request, 'x-content-sha256')) === headerOf(request, 'x-content-sha256') &&
    signVolcengine(
      { method, path, query, body, headers, date, region, service },
      secretOf(claim.accessKeyId),
    ) === claim.signature
  )
}

function secondsOf(date: string): number | undefined {
  const iso = /^\d{8}T\d{6}Z$/.test(date)
    ? date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')
    : ''
  const sentAt = Date.parse(iso)
  return Number.isNaN(sentAt) ? undefined : sentAt / 1000
}

function headerOf(request: Incoming, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()]
  return typeof value === 'string' ? value : undefined
}

/** `variant` is the code of the control plane. */
function refused(code: string, message: string): Refusal {
  return { refused: 'bad-key', variant: code, message }
}

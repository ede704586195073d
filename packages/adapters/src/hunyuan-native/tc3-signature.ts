import { createHash, createHmac } from 'node:crypto'

export interface Tc3Request {
  readonly secretId: string
  readonly secretKey: string
  /** First label of the host at the vendor, e.g. `hunyuan`; part of the scope whatever the host really is. */
  readonly service: string
  readonly path: string
  /** Headers to sign, by lower-case names and exactly as they are sent. `content-type` and `host` are the least. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timestampSeconds: number
}

/**
 * The `authorization` header of a POST to TencentCloud's API 3.0 (TC3-HMAC-SHA256; provider sheet, section 2.6). The
 * query is always empty, and the date is that of UTC: near midnight in Beijing it is another one.
 */
export function tc3Authorization(request: Tc3Request): string {
  const date = new Date(request.timestampSeconds * 1000).toISOString().slice(0, 'yyyy-mm-dd'.length)
  const scope = `${date}/${request.service}/tc3_request`
  const signed = Object.entries(request.headers).sort(([left], [right]) => (left < right ? -1 : 1))
  const signedNames = signed.map(([name]) => name).join(';')
  const signedLines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = ['POST', request.path, '', signedLines, signedNames, sha256(request.body)].join('\n')
  const toSign = ['TC3-HMAC-SHA256', request.timestampSeconds, scope, sha256(canonical)].join('\n')

  const keyOfDate = hmac(`TC3${request.secretKey}`, date)
  const keyOfService = hmac(keyOfDate, request.service)
  const key = hmac(keyOfService, 'tc3_request')
  const signature = hmac(key, toSign).toString('hex')
  return `TC3-HMAC-SHA256 Credential=${request.secretId}/${scope}, SignedHeaders=${signedNames}, Signature=${signature}`
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

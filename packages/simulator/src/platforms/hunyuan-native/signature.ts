import { createHash, createHmac } from 'node:crypto'

/** What a TC3-HMAC-SHA256 signature is made over. Sheet: hunyuan, section 2.6. */
export interface SignedRequest {
  readonly method: string
  readonly query: string
  readonly body: string
  /** Named in SignedHeaders, in that order, with the values that were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly timestamp: string
  readonly date: string
  readonly service: string
}

/** The signature that Tencent Cloud would calculate. */
export function signTc3(request: SignedRequest, secretKey: string): string {
  const scope = `${request.date}/${request.service}/tc3_request`
  const toSign = `TC3-HMAC-SHA256\n${request.timestamp}\n${scope}\n${sha256(canonicalRequest(request))}`
  const dateKey = hmac(`TC3${secretKey}`, request.date)
  const signingKey = hmac(hmac(dateKey, request.service), 'tc3_request')
  return hmac(signingKey, toSign).toString('hex')
}

export function canonicalRequest(request: SignedRequest): string {
  const headers = request.headers.map(
    ([name, value]) => `${name.toLowerCase()}:${value.trim().toLowerCase()}\n`,
  )
  const names = request.headers.map(([name]) => name.toLowerCase()).join(';')
  return `${request.method}\n/\n${request.query}\n${headers.join('')}\n${names}\n${sha256(request.body)}`
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

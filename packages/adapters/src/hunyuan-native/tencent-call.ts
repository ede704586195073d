import type { Call, HttpExchange } from '../contract/index.ts'
import type { JsonObject } from '../wire/json.ts'
import { tc3Authorization } from './tc3-signature.ts'

/** One signed call of TencentCloud's API 3.0: every action is a POST to the same place, told apart by a header. */
export function tencentCall(action: string, payload: JsonObject, call: Call): HttpExchange {
  const url = `${call.baseUrl}/`
  const place = URL.parse(url)
  const body = JSON.stringify(payload)
  const timestampSeconds = Math.floor(call.nowMs / 1000)
  const region = call.options['region'] ?? ''
  const token = call.credentials['token'] ?? ''
  return {
    transport: 'http',
    method: 'POST',
    url,
    headers: {
      'content-type': CONTENT_TYPE,
      authorization: tc3Authorization({
        secretId: call.credentials['secretId'] ?? '',
        secretKey: call.credentials['secretKey'] ?? '',
        service: 'hunyuan',
        path: place?.pathname ?? '/',
        // What the vendor's own package signs. The transport takes `host` from the URL: with its port, unless that is
        // the scheme's own.
        headers: { 'content-type': CONTENT_TYPE, host: place?.host ?? '' },
        body,
        timestampSeconds,
      }),
      'x-tc-action': action,
      'x-tc-version': '2023-09-01',
      'x-tc-timestamp': String(timestampSeconds),
      ...(region === '' ? {} : { 'x-tc-region': region }),
      ...(token === '' ? {} : { 'x-tc-token': token }),
    },
    body,
  }
}

/** Sent as it is signed: a `charset` added on the way would make the signature wrong. */
const CONTENT_TYPE = 'application/json'

import { expect, it } from 'vitest'
import type { Call } from '../contract/index.ts'
import { signedUrl } from './signed-url.ts'

const fake = { apiKey: 'apikey0000000000000000000example', apiSecret: 'apisecret000000000000000example0' }
const published = {
  apiKey: 'addd2272b6d8b7c8abdd79531420ca3b',
  apiSecret: 'MjlmNzkzNmZkMDQ2OTc0ZDdmNGE2ZTZi',
}
const newYearMs = Date.UTC(2025, 0, 1)

/** Provider sheet, section 3.5; the first is the vendor's own, of its page general_url_authentication.html. */
const vectors = [
  {
    name: 'published by the vendor',
    method: 'GET',
    url: 'wss://spark-api.xf-yun.com/v1.1/chat',
    credentials: published,
    nowMs: Date.UTC(2023, 4, 5, 10, 43, 39),
    date: 'Fri, 05 May 2023 10:43:39 GMT',
    signature: 'z5gHdu3pxVV4ADMyk467wOWDQ9q6BQzR3nfMTjc/DaQ=',
    authorization:
      'YXBpX2tleT0iYWRkZDIyNzJiNmQ4YjdjOGFiZGQ3OTUzMTQyMGNhM2IiLCBhbGdvcml0aG09ImhtYWMtc2hhMjU2IiwgaGVhZGVycz0iaG9zdCBkYXRlIHJlcXVlc3QtbGluZSIsIHNpZ25hdHVyZT0iejVnSGR1M3B4VlY0QURNeWs0Njd3T1dEUTlxNkJRelIzbmZNVGpjL0RhUT0i',
  },
  {
    name: 'another version of the model',
    method: 'GET',
    url: 'wss://spark-api.xf-yun.com/v4.0/chat',
    credentials: fake,
    nowMs: newYearMs,
    date: 'Wed, 01 Jan 2025 00:00:00 GMT',
    signature: 'OEmrsQ58bSoJhBK2s30EINicLjdkKueFxFdBUujUNPk=',
    authorization:
      'YXBpX2tleT0iYXBpa2V5MDAwMDAwMDAwMDAwMDAwMDAwMGV4YW1wbGUiLCBhbGdvcml0aG09ImhtYWMtc2hhMjU2IiwgaGVhZGVycz0iaG9zdCBkYXRlIHJlcXVlc3QtbGluZSIsIHNpZ25hdHVyZT0iT0VtcnNRNThiU29KaEJLMnMzMEVJTmljTGpka0t1ZUZ4RmRCVXVqVU5Qaz0i',
  },
  {
    name: 'embeddings',
    method: 'POST',
    url: 'https://emb-cn-huabei-1.xf-yun.com/',
    credentials: fake,
    nowMs: newYearMs,
    date: 'Wed, 01 Jan 2025 00:00:00 GMT',
    signature: 'cCOnrmRxD6j1wHtzFH76qDBM5J9MbztH5qLGcSgE17I=',
    authorization: undefined,
  },
] as const

it.each(vectors)('signs as the platform does: $name', ({ method, url, signature, ...vector }) => {
  const signed = new URL(signedUrl(method, new URL(url), callWith(vector)))
  expect(`${signed.protocol}//${signed.host}${signed.pathname}`).toBe(url)
  expect([...signed.searchParams.keys()]).toEqual(['authorization', 'date', 'host'])
  expect(signed.searchParams.get('date')).toBe(vector.date)
  expect(signed.searchParams.get('host')).toBe(new URL(url).host)
  const authorization = signed.searchParams.get('authorization') ?? ''
  expect(authorization).toBe(vector.authorization ?? authorization)
  expect(Buffer.from(authorization, 'base64').toString()).toBe(
    `api_key="${vector.credentials.apiKey}", algorithm="hmac-sha256", headers="host date request-line", signature="${signature}"`,
  )
})

it('signs a port that is not the default, and the path before ours', () => {
  const call = callWith({ credentials: fake, nowMs: newYearMs })
  const plain = signatureOf('wss://spark.test/v4.0/chat', call)
  expect(signatureOf('wss://spark.test:443/v4.0/chat', call)).toBe(plain)
  expect(signatureOf('wss://spark.test:8443/v4.0/chat', call)).not.toBe(plain)
  expect(signatureOf('wss://spark.test/proxy/v4.0/chat', call)).not.toBe(plain)
  const signed = new URL(signedUrl('GET', new URL('ws://127.0.0.1:8080/proxy/v4.0/chat'), call))
  expect(signed.searchParams.get('host')).toBe('127.0.0.1:8080')
  expect(signed.pathname).toBe('/proxy/v4.0/chat')
})

it('never signs a query', () => {
  const call = callWith({ credentials: fake, nowMs: newYearMs })
  const plain = signatureOf('wss://spark.test/v4.0/chat', call)
  expect(signatureOf('wss://spark.test/v4.0/chat?a=b', call)).toBe(plain)
})

it('sends no secret', () => {
  const call = callWith({ credentials: fake, nowMs: newYearMs })
  const url = signedUrl('GET', new URL('wss://spark.test/v4.0/chat'), call)
  const authorization = new URL(url).searchParams.get('authorization') ?? ''
  expect(url + Buffer.from(authorization, 'base64').toString()).not.toContain(fake.apiSecret)
})

function signatureOf(url: string, call: Call): string | null {
  return new URL(signedUrl('GET', new URL(url), call)).searchParams.get('authorization')
}

function callWith(own: Pick<Call, 'credentials' | 'nowMs'>): Call {
  return { baseUrl: 'https://spark.test', options: {}, upstreamModel: 'lite', requestId: 'r', ...own }
}

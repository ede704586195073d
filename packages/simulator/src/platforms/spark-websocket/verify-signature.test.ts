import { describe, expect, it } from 'vitest'
import { signatureOf, verifySignature } from './verify-signature.ts'

/** Published by the vendor (xfyun, general_url_authentication) and repeated in public unit tests. */
const published = {
  host: 'spark-api.xf-yun.com',
  date: 'Fri, 05 May 2023 10:43:39 GMT',
  method: 'GET',
  path: '/v1.1/chat',
  apiKey: 'addd2272b6d8b7c8abdd79531420ca3b',
  secret: 'MjlmNzkzNmZkMDQ2OTc0ZDdmNGE2ZTZi',
  authorization:
    'YXBpX2tleT0iYWRkZDIyNzJiNmQ4YjdjOGFiZGQ3OTUzMTQyMGNhM2IiLCBhbGdvcml0aG09ImhtYWMtc2hhMjU2IiwgaGVhZGVycz0iaG9zdCBkYXRlIHJlcXVlc3QtbGluZSIsIHNpZ25hdHVyZT0iejVnSGR1M3B4VlY0QURNeWs0Njd3T1dEUTlxNkJRelIzbmZNVGpjL0RhUT0i',
}
const example = { apiKey: 'apikey0000000000000000000example', secret: 'apisecret000000000000000example0' }
const exampleDate = 'Wed, 01 Jan 2025 00:00:00 GMT'

const signedAt = Date.parse(published.date) / 1000

function verify(
  changes: {
    method?: string
    path?: string
    host?: string
    query?: Record<string, string>
    raw?: string
    at?: number
  } = {},
) {
  const { authorization, date, host } = published
  const query = new URLSearchParams({ authorization, date, host, ...changes.query })
  return verifySignature(
    {
      method: changes.method ?? 'GET',
      path: changes.path ?? published.path,
      query: changes.raw ?? query.toString(),
      headers: { host: changes.host ?? host },
      createdAt: changes.at ?? signedAt,
    },
    (apiKey) => (apiKey === published.apiKey ? published.secret : undefined),
  )
}

const authorizationWith = (text: string) => ({ authorization: Buffer.from(text).toString('base64') })

describe('a signature', () => {
  it.each([
    [published.secret, published, 'z5gHdu3pxVV4ADMyk467wOWDQ9q6BQzR3nfMTjc/DaQ='],
    [
      example.secret,
      { host: 'spark-api.xf-yun.com', date: exampleDate, method: 'GET', path: '/v4.0/chat' },
      'OEmrsQ58bSoJhBK2s30EINicLjdkKueFxFdBUujUNPk=',
    ],
    [
      example.secret,
      { host: 'emb-cn-huabei-1.xf-yun.com', date: exampleDate, method: 'POST', path: '/' },
      'cCOnrmRxD6j1wHtzFH76qDBM5J9MbztH5qLGcSgE17I=',
    ],
  ])('is that of the worked examples (%#)', (secret, what, signature) => {
    expect(signatureOf(secret, what)).toBe(signature)
  })

  it('of the published example is accepted within 300 seconds of its date, and not beyond', () => {
    const date = { refused: 'bad-key', variant: 'date' }
    expect(verify()).toEqual({ apiKey: published.apiKey })
    expect(verify({ at: signedAt + 300 })).toEqual({ apiKey: published.apiKey })
    expect(verify({ at: signedAt - 300 })).toEqual({ apiKey: published.apiKey })
    expect(verify({ at: signedAt + 301 })).toEqual(date)
    expect(verify({ at: signedAt - 301 })).toEqual(date)
  })

  it('may stand behind either name of the key, and with spaces in either encoding', () => {
    const rest = 'algorithm="hmac-sha256", headers="host date request-line", signature='
    const signature = '"z5gHdu3pxVV4ADMyk467wOWDQ9q6BQzR3nfMTjc/DaQ="'
    const named = authorizationWith(`hmac username="${published.apiKey}", ${rest}${signature}`)
    expect(verify({ query: named })).toEqual({ apiKey: published.apiKey })
    const { authorization, date, host } = published
    const raw = `authorization=${authorization}&date=${encodeURIComponent(date)}&host=${host}`
    expect(raw).toContain('%20')
    expect(verify({ raw })).toEqual({ apiKey: published.apiKey })
  })

  it.each([
    ['another method', { method: 'POST' }],
    ['another path', { path: '/v3.1/chat' }],
    ['another host than was signed', { query: { host: 'other.test' } }],
    ['another host than it was sent to', { host: 'other.test' }],
    ['another second', { query: { date: 'Fri, 05 May 2023 10:43:40 GMT' } }],
  ])('does not hold for %s', (_what, changes) => {
    expect(verify(changes)).toEqual({ refused: 'bad-key', variant: 'signature' })
  })

  it.each([
    ['no date', ''],
    ['words', 'soon'],
    ['local time', 'Fri, 05 May 2023 10:43:39 +0800'],
    ['another format', '2023-05-05T10:43:39Z'],
    ['a wrong weekday', 'Thu, 05 May 2023 10:43:39 GMT'],
  ])('needs a date in RFC 1123: %s', (_what, date) => {
    expect(verify({ query: { date } })).toEqual({ refused: 'bad-key', variant: 'date' })
  })

  it.each([
    ['an unknown key', authorizationWith(published.authorization.replace('addd', 'feed'))],
    ['no base64', { authorization: 'api_key="a"' }],
    ['a space for a plus', { authorization: ` ${published.authorization.slice(1)}` }],
    [
      'other signed headers',
      authorizationWith(
        `api_key="${published.apiKey}", algorithm="hmac-sha256", headers="host date", signature="a"`,
      ),
    ],
    [
      'another algorithm',
      authorizationWith(
        `api_key="${published.apiKey}", algorithm="hmac-sha1", headers="host date request-line", signature="a"`,
      ),
    ],
  ])('needs credentials that can be read: %s', (_what, query) => {
    expect(verify({ query })).toEqual({ refused: 'bad-key', variant: 'credential' })
  })

  it('is missing', () => {
    expect(verify({ raw: '' })).toEqual({ refused: 'missing-key' })
  })
})

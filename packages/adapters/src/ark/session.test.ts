import { describe, expect, it } from 'vitest'
import { callOf, jsonHead, sentChat } from '../../test/support.ts'
import { ark } from './index.ts'

const pair = { accessKeyId: 'AKLTexample', secretAccessKey: 'secret-of-the-example' }

describe('Ark with an access key and its secret', () => {
  it('needs no session where there is an API key', () => {
    expect(ark.session?.scope(callOf(ark, { credentials: { apiKey: 'ark-key' } }))).toBeUndefined()
  })

  it('asks the control plane for a key of exactly the endpoint that is called', () => {
    const sent = getApiKey('ep-20260101000000-abcde')
    expect(sent.url).toBe('https://open.volcengineapi.com/?Action=GetApiKey&Version=2024-01-01')
    expect(sent.headers['authorization']).toMatch(
      /^HMAC-SHA256 Credential=AKLTexample\/20260101\/cn-beijing\/ark\/request, SignedHeaders=content-type;host;x-content-sha256;x-date, Signature=[0-9a-f]{64}$/,
    )
    expect(JSON.parse(String(sent.body))).toEqual({
      DurationSeconds: 604_800,
      ResourceType: 'endpoint',
      ResourceIds: ['ep-20260101000000-abcde'],
    })
    expect(ark.session?.scope(callOf(ark, { credentials: pair, upstreamModel: 'ep-1' }))).toBe('ep-1')
  })

  it.each([
    ['bot-20260101-x', { ResourceType: 'bot' }],
    ['ep-m-20260101-x', { ResourceType: 'presetendpoint', ProjectName: 'default' }],
    ['doubao-seed-2-0-lite-260428', { ResourceType: 'presetendpoint', ProjectName: 'default' }],
  ])('knows what %s is', (upstreamModel, expected) => {
    expect(JSON.parse(String(getApiKey(upstreamModel).body))).toMatchObject(expected)
  })

  it('asks another control plane, region and project where the account names them', () => {
    const options = { controlUrl: 'https://control.test/x', region: 'cn-shanghai', projectName: 'lab' }
    const sent = getApiKey('doubao-1', options)
    expect(sent.url).toMatch(/^https:\/\/control\.test\/x\?Action=GetApiKey/)
    expect(sent.headers['authorization']).toContain('/cn-shanghai/ark/request')
    expect(JSON.parse(String(sent.body))).toMatchObject({ ProjectName: 'lab' })
  })

  it('sends the temporary key, and never the pair', () => {
    const { exchange } = sentChat(
      ark,
      { messages: [{ role: 'user', content: 'hi' }] },
      { credentials: pair, session: { apiKey: 'temporary' } },
    )
    expect(exchange.headers['authorization']).toBe('Bearer temporary')
    expect(JSON.stringify(exchange)).not.toMatch(/AKLT|secret-of/)
  })

  it.each([
    ['InvalidAccessKey', 'invalid_credentials'],
    ['InvalidTimestamp', 'invalid_credentials'],
    ['AccessDenied', 'permission_denied'],
    ['APIAccountRpmRateLimitExceeded', 'rate_limited'],
    ['InvalidEndpoint.NotFound', 'model_not_found'],
    ['InternalServiceError', 'upstream_error'],
  ])('reads the refusal %s as %s', (code, kind) => {
    const body = JSON.stringify({ ResponseMetadata: { Error: { Code: code, Message: 'no' } } })
    const read = ark.session?.read(jsonHead(500), Buffer.from(body), callOf(ark, { credentials: pair }))
    expect(read).toMatchObject({ ok: false, error: { kind, upstreamCode: code } })
  })

  it.each([
    '',
    '<html>',
    '{"Result":{"ApiKey":1,"ExpiredTime":"x"}}',
    '{"Result":{"ApiKey":"key","ExpiredTime":1e300}}',
    '[]',
    '{"ResponseMetadata":{"Error":5}}',
  ])('takes %j for no key', (body) => {
    const read = ark.session?.read(jsonHead(200), Buffer.from(body), callOf(ark, { credentials: pair }))
    expect(read).toMatchObject({ ok: false, error: { kind: 'upstream_error' } })
  })
})

function getApiKey(upstreamModel: string, options: Record<string, string> = {}) {
  const sent = ark.session?.request(callOf(ark, { credentials: pair, upstreamModel, options }))
  if (sent === undefined) throw new Error('no session')
  return sent
}

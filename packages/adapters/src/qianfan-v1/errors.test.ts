import { describe, expect, it } from 'vitest'
import { callOf, chatRequest, jsonHead, modelRequest, readStream, refusalOf } from '../../test/support.ts'
import { qianfanV1 } from './index.ts'

/** The whole table of the provider sheet, section 5.1, and what users have seen. */
const table: readonly (readonly [number, string, string])[] = [
  [1, 'Unknown error', 'upstream_error'],
  [2, 'Service temporarily unavailable', 'upstream_error'],
  [3, 'Unsupported openapi method', 'model_not_found'],
  [4, 'Open api request limit reached', 'rate_limited'],
  [6, 'No permission to access data', 'permission_denied'],
  [13, 'Get service token failed', 'invalid_credentials'],
  [14, 'IAM Certification failed', 'invalid_credentials'],
  [15, 'app not exsits or create failed', 'upstream_error'],
  [17, 'Open api daily request limit reached', 'balance_exhausted'],
  [18, 'Open api qps request limit reached', 'rate_limited'],
  [19, 'Open api total request limit reached', 'balance_exhausted'],
  [100, 'Invalid parameter', 'invalid_request'],
  [100, 'Invalid access_token parameter', 'invalid_credentials'],
  [110, 'Access token invalid or no longer valid', 'invalid_credentials'],
  [111, 'Access token expired', 'invalid_credentials'],
  [336000, 'Internal error', 'upstream_error'],
  [336001, 'Invalid Argument', 'invalid_request'],
  [336002, 'Invalid JSON', 'invalid_request'],
  [336003, 'messages length must be odd', 'invalid_request'],
  [336003, 'the max length of current question is 2000', 'context_length_exceeded'],
  [336004, 'API permission denied', 'permission_denied'],
  [336005, 'API name not found', 'model_not_found'],
  [336006, 'the length of messages must be an odd number', 'invalid_request'],
  [336007, 'invalid role', 'invalid_request'],
  [336007, 'the max input characters is 20000', 'context_length_exceeded'],
  [336100, 'high load', 'overloaded'],
  [336101, 'method not allowed', 'invalid_request'],
  [336103, 'Prompt tokens too long', 'context_length_exceeded'],
  [336104, 'invalid system', 'invalid_request'],
  [336104, 'system is unsafe', 'content_filter'],
  [336105, 'invalid user setting', 'invalid_request'],
  [336117, 'refused', 'content_filter'],
  [336122, 'refused', 'content_filter'],
  [336501, 'Rate limit reached for RPM', 'rate_limited'],
  [336502, 'Rate limit reached for TPM', 'rate_limited'],
  [500000, 'console internal error', 'upstream_error'],
  [777777, 'nobody knows', 'upstream_error'],
]

describe('an error of Qianfan V1', () => {
  it.each(table)('%i "%s" is %s, wherever it is said', (error_code, error_msg, kind) => {
    const body = JSON.stringify({ error_code, error_msg, id: 'as-1' })
    const call = callOf(qianfanV1)
    const bytes = Buffer.from(body)
    const answered = qianfanV1.chat.answer(jsonHead(200), bytes, chatRequest({}), call)
    const embedded = qianfanV1.embeddings?.answer(jsonHead(200), bytes, modelRequest({ input: 'a' }), call)
    const streamed = readStream(qianfanV1, Buffer.from(`${body}\n`)).reader.state.error
    const errors = [
      refusalOf(qianfanV1, 200, body),
      refusalOf(qianfanV1, 200, body.replace(String(error_code), `"${error_code}"`)),
      qianfanV1.embeddings?.refusal(jsonHead(200), bytes, call),
      answered.ok ? undefined : answered.error,
      embedded?.ok === false ? embedded.error : undefined,
      streamed,
    ]
    for (const error of errors) {
      expect(error?.kind).toBe(kind)
      expect(error?.upstreamCode).toBe(String(error_code))
      expect(error?.message).toContain(error_msg)
    }
  })

  it('may end a free quota, where the platform has no code of its own for that', () => {
    for (const [code, message] of table) {
      const error = refusalOf(qianfanV1, 200, JSON.stringify({ error_code: code, error_msg: message }))
      expect(error.mayMeanFreeQuota, String(code)).toBe(code === 17 || code === 19)
    }
  })

  it('says in words what 17 may mean', () => {
    const { message } = refusalOf(qianfanV1, 200, '{"error_code":17,"error_msg":"daily limit"}')
    expect(message).toMatch(/^daily limit \(.*arrears.*free model/)
  })

  it('shows neither key nor token', () => {
    const body = '{"error_code":110,"error_msg":"bad 24.token-of-the-session of a-secret-key"}'
    const session = { accessToken: '24.token-of-the-session' }
    expect(refusalOf(qianfanV1, 200, body, { session }).message).toBe('bad *** of ***')
  })

  it('is read from whatever a gateway says instead', () => {
    expect(refusalOf(qianfanV1, 502, '<html><title>Bad Gateway</title>').kind).toBe('upstream_error')
    expect(refusalOf(qianfanV1, 503, '').kind).toBe('overloaded')
    expect(refusalOf(qianfanV1, 200, '').kind).toBe('upstream_error')
    expect(refusalOf(qianfanV1, 200, '{"error_msg":"without a code"}').message).toBe('without a code')
    const moved = '{"error":{"code":"invalid_iam_token","message":"wrong kind of key","type":"x"}}'
    expect(refusalOf(qianfanV1, 401, moved).kind).toBe('invalid_credentials')
  })

  it('comes in the middle of a stream, after which nothing is passed on', () => {
    const frame = (result: string) => `data: ${JSON.stringify({ id: 'as-1', result, is_end: false })}\n\n`
    const bytes = Buffer.from(
      `${frame('可以')}{"error_code":336100,"error_msg":"high load"}\n${frame('试试')}`,
    )
    const { text, reader } = readStream(qianfanV1, bytes)
    expect(text).toBe('可以')
    expect(reader.state.error?.kind).toBe('overloaded')
  })
})

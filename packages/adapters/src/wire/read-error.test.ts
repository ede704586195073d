import { describe, expect, it } from 'vitest'
import { growthMax, growthOf } from '../../test/growth.ts'
import type { Call } from '../contract/index.ts'
import type { ErrorRule } from './error-rules.ts'
import { errorInAnswer, readOpenAiError } from './read-error.ts'

const nowMs = Date.UTC(2026, 0, 1)
const call: Call = {
  credentials: { apiKey: 'an-odd-looking-key' },
  baseUrl: 'http://upstream.test/v1',
  options: {},
  upstreamModel: 'm',
  requestId: 'r1',
  nowMs,
}

function read(body: unknown, status = 400, headers: Record<string, string> = {}, rules: ErrorRule[] = []) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return readOpenAiError({ status, headers }, Buffer.from(text), call, rules)
}

describe('what people read', () => {
  it.each([
    [
      '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 9]',
      'Range of input length should be [1, 9]',
    ],
    ['Too long. Request id: 0217672256001234', 'Too long.'],
    ['Broken (request_id: 6f1e0c52-93aa)', 'Broken'],
    ['Incorrect API key provided: sk-abcd1234efgh5678', 'Incorrect API key provided: ***'],
    ['Your api key: ****abcd is invalid', 'Your api key: ****abcd is invalid'],
    ['Bearer abc.def refused', 'Bearer *** refused'],
    ['key an-odd-looking-key is wrong', 'key *** is wrong'],
    ['Your account [2100000000] has no quota', 'Your account has no quota'],
    ['Model qwen-plus: see https://example.test/a-b', 'Model qwen-plus: see https://example.test/a-b'],
  ])('%s', (message, shown) => {
    expect(read({ error: { message } }).message).toBe(shown)
  })

  it('is bounded and never empty', () => {
    expect(read({ error: { message: 'x'.repeat(9000) } }).message).toHaveLength(500)
    expect(read('', 502).message).toBe('The provider answered with status 502 and no body')
    expect(read('<html><title>Bad Gateway</title>…', 502).message).toBe(
      'The provider answered with a web page (status 502: Bad Gateway)',
    )
    expect(read({ error: {} }, 500).message).not.toBe('')
    for (const message of [' ', 'request id: 7', '<400> ', '\n\t']) {
      expect(read({ error: { message } }, 500).message).toMatch(/without a message/)
    }
  })

  it('holds no key and no token of a session, wherever the platform repeats it', () => {
    const error = readOpenAiError(
      { status: 401, headers: {} },
      Buffer.from('{"error":{"message":"bad: T0KEN","code":"no an-odd-looking-key","param":"T0KEN"}}'),
      { ...call, session: { accessToken: 'T0KEN' } },
      [],
    )
    expect(error).toMatchObject({ message: 'bad: ***', upstreamCode: 'no ***', param: '***' })
  })

  it.each([',', ' ', '(', 'A.', 'request id ', 'model ', 'Bearer ', '1', 'account ', 'sk-'])(
    'made of %j is read in time that grows with its length only',
    (part) => {
      const readLong = (count: number) => {
        const message = part.repeat(count)
        errorInAnswer({ error: { message } }, { status: 200, headers: {} }, call, [])
      }
      expect(growthOf(readLong, 50_000)).toBeLessThan(growthMax)
    },
  )
})

it('never shows an answer that came where a stream was asked for', () => {
  const error = read({ id: 'c1', choices: [{ message: { content: 'private' } }] }, 200)
  expect(error.kind).toBe('upstream_error')
  expect(error.message).not.toContain('private')
})

describe('every form of body', () => {
  it.each([
    [{ error: { message: 'm', code: 'c', type: 't', param: 'p' } }, 'c'],
    [{ error: { message: 'm', code: 400 } }, '400'],
    [{ error: { message: 'm', type: 't' } }, 't'],
    [{ errors: { message: 'm' } }, undefined],
    [{ error: 'm' }, undefined],
    ['m', undefined],
    [JSON.stringify('m'), undefined],
    [{ detail: 'm' }, undefined],
    [{ detail: [{ msg: 'm', type: 'missing' }] }, 'missing'],
    [{ object: 'error', message: 'm', code: 40303 }, '40303'],
    [{ code: 20012, message: 'm', data: null }, '20012'],
    [{ message: 'm', data: 'string' }, undefined],
    ['event:error\ndata:{"error":{"message":"m","code":"c"}}\n\n', 'c'],
  ])('%j', (body, code) => {
    const error = read(body)
    expect(error.message).toBe('m')
    expect(error.upstreamCode).toBe(code)
  })

  it('tells the field that is wrong', () => {
    expect(read({ error: { message: 'm', param: 'tools' } }).param).toBe('tools')
  })
})

describe('kinds', () => {
  it('follow the platform’s own table before the common one', () => {
    const body = { error: { message: 'quota', code: 'insufficient_quota' } }
    expect(read(body, 429).kind).toBe('balance_exhausted')
    expect(read(body, 429, {}, [{ kind: 'rate_limited', code: 'insufficient_quota' }]).kind).toBe(
      'rate_limited',
    )
  })

  it.each([
    [401, 'invalid_credentials'],
    [402, 'balance_exhausted'],
    [403, 'permission_denied'],
    [404, 'model_not_found'],
    [408, 'timeout'],
    [409, 'invalid_request'],
    [413, 'invalid_request'],
    [422, 'invalid_request'],
    [429, 'rate_limited'],
    [451, 'content_filter'],
    [500, 'upstream_error'],
    [502, 'upstream_error'],
    [503, 'overloaded'],
    [504, 'timeout'],
    [529, 'overloaded'],
    [302, 'upstream_error'],
  ])('follow the status %i where nothing else is said', (status, kind) => {
    expect(read('', status).kind).toBe(kind)
  })
})

describe('how long to wait', () => {
  const wait = (headers: Record<string, string>, message = 'm') =>
    read({ error: { message } }, 429, headers).retryAfterMs

  it.each<[Record<string, string>, number | undefined]>([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '120', 'retry-after': '7' }, 120],
    [{ 'retry-after': new Date(nowMs + 90_000).toUTCString() }, 90_000],
    [{ 'retry-after': new Date(nowMs - 90_000).toUTCString() }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '9'.repeat(400) }, undefined],
    [{ 'retry-after-ms': '9'.repeat(400), 'retry-after': '7' }, 7000],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m3.5s' }, 63_500],
    [{ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '1m3.5s' }, undefined],
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '250ms' }, 250],
    [{}, undefined],
  ])('%j', (headers, expected) => {
    expect(wait(headers)).toBe(expected)
  })

  it('is read from the message when no header says it', () => {
    expect(wait({}, 'please try again after 1 seconds')).toBe(1000)
    expect(wait({}, 'Please try again in 250ms.')).toBe(250)
    expect(wait({}, 'try again in 2 minutes')).toBe(120_000)
    expect(wait({}, 'It will reset at 2026-01-01 09:00:00 +0800 CST')).toBe(3_600_000)
  })
})

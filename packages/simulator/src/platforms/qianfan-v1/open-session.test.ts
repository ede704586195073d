import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../../simulator.ts'
import { endpointOf } from '../../testing/client.ts'
import { asked, exchange, sendPath, tokenOf } from '../../testing/qianfan-v1.ts'
import { fixture, shapeOf } from '../../testing/shape.ts'

const protocol = 'qianfan-v1'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const codeWith = async (token: string | undefined) =>
  (await sendPath(simulator, token, 'chat/ernie_speed', asked('你好'))).json['error_code']

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(simulator.url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, json: await response.json() }
}

describe('API Key and Secret Key buy a token', () => {
  it('in the form of the sample, for thirty days', async () => {
    const { status, json } = await exchange(simulator)
    expect(status).toBe(200)
    expect(shapeOf(json)).toEqual(shapeOf(JSON.parse(fixture('qianfan/v1-token-ok.json'))))
    expect(json['access_token']).toMatch(/^24\.[0-9a-f]{32}\.2592000\.\d{10}-\d+$/)
    expect(json['expires_in']).toBe(2_592_000)
    expect(await codeWith(String(json['access_token']))).toBeUndefined()
  })

  it('a key with sim in it is an account of its own, and its secret is the key and -secret', async () => {
    expect(await codeWith(await tokenOf(simulator, 'simQianfan2'))).toBeUndefined()
    expect(simulator.bill().lines).toMatchObject([{ account: 'simQianfan2', model: 'ernie-speed-8k' }])
    expect(simulator.sessionsOpened(protocol, 'simQianfan2')).toBe(1)
    expect(simulator.sessionsOpened(protocol, 'simQianfan3')).toBe(0)
  })

  it.each([
    ['an unknown key', { key: 'someOtherKey' }, 401, 'qianfan/v1-token-bad-ak.json'],
    ['a key of another look', { key: 'bce-v3/sim' }, 401, 'qianfan/v1-token-bad-ak.json'],
    ['the secret of another key', { secret: 'simQianfan2-secret' }, 401, 'qianfan/v1-token-bad-sk.json'],
    ['no secret', { secret: '' }, 401, 'qianfan/v1-token-bad-sk.json'],
  ])('%s is refused as in the sample, and buys nothing', async (_name, wrong, status, file) => {
    const sent = await exchange(simulator, wrong)
    expect(sent.status).toBe(status)
    expect(sent.text).toBe(JSON.stringify(JSON.parse(fixture(file))))
    expect(simulator.sessionsOpened(protocol)).toBe(0)
  })

  it('only under the grant type of client credentials', async () => {
    const sent = await exchange(simulator, { grant: 'password' })
    expect([sent.status, sent.json['error']]).toEqual([400, 'unsupported_grant_type'])
  })

  it('is not a generating request: neither logged nor billed', async () => {
    await exchange(simulator)
    expect(simulator.requests()).toEqual([])
    expect(simulator.bill().lines).toEqual([])
  })
})

describe('a token stands for its account until it is over', () => {
  it.each([
    [110, 'the bearer key of the new interface', 'bce-v3/ALTAK-sim0000000000000001/01'],
    [110, 'a token of nobody', '24.0.2592000.1-1'],
    [100, 'an empty token', ''],
    [100, 'no token', undefined],
  ])('code %i: %s', async (code, _name, token) => {
    expect(await codeWith(token)).toBe(code)
    expect(simulator.bill().lines).toEqual([])
  })

  it('expired tokens are refused as such, and a new exchange helps', async () => {
    const token = await tokenOf(simulator)
    expect(simulator.expireSessions({ protocol })).toBeGreaterThan(0)
    expect(simulator.expireSessions({ protocol })).toBe(0)
    const refused = await sendPath(simulator, token, 'chat/ernie_speed', asked('你好', { stream: true }))
    expect(refused.headers.get('content-type')).toBe('application/json')
    expect(refused.json).toEqual(JSON.parse(fixture('qianfan/v1-error-111-token-expired.json')))
    expect(await codeWith(await tokenOf(simulator))).toBeUndefined()
  })

  it('tokens made invalid are as good as never handed out, those of other accounts stay', async () => {
    const token = await tokenOf(simulator, 'simQianfan2')
    const other = await tokenOf(simulator, 'simQianfan3')
    simulator.expireSessions({ account: 'simQianfan2', as: 'invalid' })
    const refused = await sendPath(simulator, token, 'chat/ernie_speed', asked('你好'))
    expect(refused.json).toEqual(JSON.parse(fixture('qianfan/v1-error-110-token-invalid.json')))
    expect(await codeWith(other)).toBeUndefined()
  })

  it('a reset counts anew and ends nothing', async () => {
    const token = await tokenOf(simulator)
    expect(simulator.sessionsOpened(protocol)).toBe(1)
    simulator.reset()
    expect(simulator.sessionsOpened(protocol)).toBe(0)
    expect(await codeWith(token)).toBeUndefined()
  })
})

describe('faults of the exchange', () => {
  const url = () => {
    const { apiKey, secretKey } = endpointOf(simulator, protocol).credentials
    return `${simulator.url}/oauth/2.0/token?grant_type=client_credentials&client_id=${apiKey}&client_secret=${secretKey}`
  }

  it('a slow one answers late, and whoever leaves before has opened nothing', async () => {
    simulator.addFault({ match: { sessions: true }, fault: { delayMs: 40 } })
    const startedAt = performance.now()
    await exchange(simulator)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39)
    expect(simulator.sessionsOpened(protocol)).toBe(1)
    simulator.addFault({ match: { sessions: true }, fault: { delayMs: 40 } })
    await expect(fetch(url(), { method: 'POST', signal: AbortSignal.timeout(5) })).rejects.toThrow('timeout')
    await exchange(simulator)
    expect(simulator.sessionsOpened(protocol)).toBe(2)
  })

  it('strike nothing else, and faults of requests do not strike it', async () => {
    simulator.addFault({ match: { sessions: true }, fault: { status: 503 } })
    simulator.addFault({ fault: { code: 'overloaded' } })
    const failed = await exchange(simulator)
    expect([failed.status, failed.json['error']]).toEqual([503, 'temporarily_unavailable'])
    expect(await codeWith(await tokenOf(simulator))).toBe(336_100)
    expect(simulator.sessionsOpened(protocol)).toBe(1)
  })

  it('a gateway’s page, an answer without a token, half an answer', async () => {
    const match = { protocol, account: endpointOf(simulator, protocol).credentials['apiKey'], sessions: true }
    simulator.addFault({ match, fault: { html502: true } })
    simulator.addFault({ match, fault: { emptyStream: true } })
    simulator.addFault({ match, fault: { garbageAfterChunks: 0 } })
    simulator.addFault({ match, fault: { cutAfterChunks: 0 } })
    expect((await exchange(simulator)).text).toContain('502 Bad Gateway')
    expect((await exchange(simulator)).text).toBe('{}')
    expect((await exchange(simulator)).text).toMatch(/^\{"refresh_token".*[^}]$/)
    await expect(exchange(simulator)).rejects.toThrow('terminated')
  })

  it('the exchange may hang', async () => {
    simulator.addFault({ match: { sessions: true }, fault: { stallAfterChunks: 0 } })
    const leave = new AbortController()
    const response = await fetch(url(), { method: 'POST', signal: leave.signal })
    leave.abort()
    await expect(response.text()).rejects.toThrow('aborted')
  })
})

describe('control routes', () => {
  it('count and end sessions', async () => {
    const token = await tokenOf(simulator, 'simQianfan9')
    await tokenOf(simulator, 'simQianfan9')
    expect((await control('GET', '/_sim/sessions')).json).toEqual([
      { protocol, account: 'simQianfan9', opened: 2 },
    ])
    const ended = await control('POST', '/_sim/sessions/expire', { account: 'simQianfan9' })
    expect(ended.json).toEqual({ ended: 2 })
    expect(await codeWith(token)).toBe(111)
    simulator.addFault({ match: { sessions: true }, fault: { status: 500 } })
    expect((await control('GET', '/_sim/faults')).json).toMatchObject([{ match: { sessions: true } }])
  })

  it.each([
    [{ protocol: 'qianfan' }, 'protocol must be one of'],
    [{ as: 'gone' }, 'as must be one of: expired, invalid'],
    [{ token: 'a' }, 'unknown field "token"'],
  ])('%j is a mistake', async (body, message) => {
    const { status, json } = await control('POST', '/_sim/sessions/expire', body)
    expect(status).toBe(400)
    expect(JSON.stringify(json).replaceAll('\\"', '"')).toContain(message)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { chat, chatBody, objectIn } from '../testing/client.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

async function control(method: string, path: string, body?: unknown, type = 'application/json') {
  const response = await fetch(simulator.url + path, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, text, json: objectIn(text) }
}

describe('control routes', () => {
  it('show bill, requests and endpoints, and reset', async () => {
    await chat(simulator, 'openai', chatBody('openai', 'a'))
    await chat(simulator, 'openai', chatBody('openai', 'b'))
    expect((await control('GET', '/_sim/bill')).json).toEqual(simulator.bill())
    expect(JSON.parse((await control('GET', '/_sim/requests')).text)).toEqual(simulator.requests())
    expect(JSON.parse((await control('GET', '/_sim/requests?limit=1')).text)).toEqual(
      simulator.requests().slice(0, 1),
    )
    expect((await control('GET', '/_sim/endpoints')).json).toEqual(simulator.endpoints)
    expect((await control('POST', '/_sim/reset')).status).toBe(200)
    expect(simulator.bill()).toMatchObject({ lines: [], totals: { requests: 0 } })
    expect(simulator.requests()).toEqual([])
  })

  it('set and clear faults', async () => {
    const setting = { match: { protocol: 'ark' }, times: 0, fault: { code: 'overloaded' } }
    const added = await control('POST', '/_sim/faults', setting)
    expect(added.json).toEqual({ id: expect.any(String) })
    expect((await chat(simulator, 'ark', chatBody('ark', 'a'))).status).toBe(429)
    expect(JSON.parse((await control('GET', '/_sim/faults')).text)).toEqual([
      { ...setting, ...added.json, struck: 1 },
    ])
    await control('DELETE', '/_sim/faults')
    expect((await chat(simulator, 'ark', chatBody('ark', 'a'))).status).toBe(200)
  })

  it('set faults for actions that generate nothing', async () => {
    const setting = { match: { action: 'GetTokenCount' }, fault: { code: 'rate-limit' } }
    expect((await control('POST', '/_sim/faults', setting)).status).toBe(200)
    expect((await chat(simulator, 'ark', chatBody('ark', 'a'))).status).toBe(200)
    expect(JSON.parse((await control('GET', '/_sim/faults')).text)).toMatchObject([{ ...setting, struck: 0 }])
    simulator.clearFaults()
  })

  it('set grants', async () => {
    const grant = { provider: 'ark', tokens: 0, whenEmpty: 'provider-stops' }
    expect((await control('POST', '/_sim/grants', grant)).status).toBe(200)
    expect(JSON.parse((await control('GET', '/_sim/grants')).text)).toEqual([{ ...grant, tokensLeft: 0 }])
    expect((await chat(simulator, 'ark', chatBody('ark', 'a'))).status).toBe(429)
  })

  it.each([
    ['/_sim/faults', {}, 'fault is required'],
    ['/_sim/faults', { fault: {} }, 'fault needs one of'],
    ['/_sim/faults', { fault: { statsu: 500 } }, 'unknown field "statsu"'],
    ['/_sim/faults', { fault: { status: 99 } }, 'status must be'],
    ['/_sim/faults', { fault: { status: '500' } }, 'status must be'],
    ['/_sim/faults', { fault: { code: 'boom' } }, 'code must be one of'],
    ['/_sim/faults', { fault: { noUsage: 1 } }, 'noUsage must be true or false'],
    ['/_sim/faults', { fault: { usage: 'end' } }, 'usage must be one of: null, every'],
    ['/_sim/faults', { fault: { usage: null } }, 'usage must be a text'],
    ['/_sim/faults', { fault: { cutAfterChunks: -1 } }, 'cutAfterChunks must be'],
    ['/_sim/faults', { fault: { status: 500, headers: { a: 1 } } }, 'headers.a must be a text'],
    ['/_sim/faults', { match: { provider: 'nobody' }, fault: { status: 500 } }, 'provider must be one of'],
    ['/_sim/faults', { match: { user: 'a' }, fault: { status: 500 } }, 'unknown field "user"'],
    ['/_sim/faults', { times: 1.5, fault: { status: 500 } }, 'times must be'],
    ['/_sim/faults', [], 'must be an object'],
    ['/_sim/faults', '{', 'not JSON'],
    ['/_sim/grants', { tokens: 1, whenEmpty: 'provider-bills' }, 'provider is required'],
    ['/_sim/grants', { provider: 'ark', whenEmpty: 'provider-bills' }, 'tokens is required'],
    ['/_sim/grants', { provider: 'ark', tokens: 1 }, 'whenEmpty is required'],
    ['/_sim/grants', { provider: 'ark', tokens: 1, whenEmpty: 'never' }, 'whenEmpty must be one of'],
    ['/_sim/grants', { provider: 'ark', magicubes: 1 }, 'magicubes go with provider modelscope'],
  ])('%s refuses %j', async (path, body, message) => {
    const sent = await control('POST', path, body)
    expect(sent.status).toBe(400)
    expect(sent.json['error']).toContain(message)
  })

  it('take JSON only, and know their paths', async () => {
    expect(
      (await control('POST', '/_sim/faults', 'fault=1', 'application/x-www-form-urlencoded')).status,
    ).toBe(400)
    const unknown = await control('GET', '/_sim/bills')
    expect(unknown.status).toBe(404)
    expect(unknown.text).toContain('GET /_sim/bill')
    expect((await control('GET', '/_sim/requests?limit=x')).status).toBe(400)
  })
})

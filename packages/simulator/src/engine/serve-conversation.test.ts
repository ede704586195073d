import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countTokens } from './count-tokens.ts'
import type { JsonObject } from '../json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { at, objectIn, until } from '../testing/client.ts'
import { fixture } from '../testing/shape.ts'
import { type Signing, ask, question, socketUrl, talk } from '../testing/spark-socket.ts'

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator()
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.close())

const nineTokens = 'a [[sim tokens=9]]'
const promptTokens = 4 + countTokens(nineTokens)

const url = (signing?: Signing) => socketUrl(simulator, '/chat/max-32k', signing)
const asked = (text = nineTokens) => JSON.stringify(question(simulator, text))
const heard = (frames: string[]) =>
  frames.map((frame) => at(objectIn(frame), 'payload.choices.text.0.content'))
const codeOf = (frame: JsonObject | undefined) => at(frame, 'header.code')

/** Waits for the log to know the end: it comes after the client has seen it. */
async function logged() {
  await until(() => simulator.requests()[0]?.closedAt !== undefined)
  return simulator.requests()
}

describe('a handshake', () => {
  it.each<[what: string, signing: Signing, status: number, body: unknown]>([
    ['of an unknown key', { apiKey: 'a'.repeat(32) }, 401, objectIn(fixture('spark/ws-handshake-401.json'))],
    [
      'that is ten minutes old',
      { date: new Date(Date.now() - 600_000).toUTCString() },
      403,
      objectIn(fixture('spark/ws-handshake-403-date.json')),
    ],
    ['with a wrong secret', { apiSecret: 'x' }, 401, { message: 'HMAC signature does not match' }],
    ['for another path', { path: '/spark-ws/v1.1/chat' }, 401, { message: 'HMAC signature does not match' }],
    ['for another host', { host: 'spark.test' }, 401, { message: 'HMAC signature does not match' }],
  ])('%s is refused over HTTP', async (_what, signing, status, body) => {
    const { refused } = await talk(url(signing), asked()).over
    expect([refused?.status, objectIn(refused?.body ?? '')]).toEqual([status, body])
    expect(await logged()).toMatchObject([{ protocol: 'spark-websocket', outcome: 'refused', status }])
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('without a signature, or at a path that is none, is refused over HTTP', async () => {
    const { refused } = await talk(url().replace(/\?.*/, ''), asked()).over
    expect([refused?.status, refused?.body]).toEqual([401, '{"message":"Unauthorized"}'])
    const elsewhere = await talk(`${simulator.url}/spark-ws/v9/chat`).over
    expect(elsewhere.refused?.status).toBe(404)
  })

  it('may name its key in either way, and every key is an account of its own', async () => {
    const apiKey = 'simspark000000000000000000000002'
    const body = (appId: string) => ({ ...question(simulator, 'a'), header: { app_id: appId } })
    const { frames } = await ask(url({ apiKey, keyName: 'hmac username' }), body('sim00002'))
    expect(codeOf(frames.at(-1))).toBe(0)
    expect(simulator.bill().lines).toMatchObject([{ account: apiKey }])
    expect(codeOf((await ask(url({ apiKey }), body('sim00001'))).frames[0])).toBe(11200)
  })

  it('alone is no request: it is not logged, and a request to its path without one is not served', async () => {
    const call = talk(url())
    await once(call.socket, 'open')
    call.socket.close()
    await call.over
    expect(simulator.requests()).toEqual([])
    expect((await fetch(url())).status).toBe(404)
  })

  it('that no request follows is given up', async () => {
    const impatient = await startSimulator({ requestWithinMs: 20 })
    const call = talk(socketUrl(impatient, '/chat/max-32k'))
    expect(await call.over).toEqual({ code: 1006 })
    await impatient.close()
  })

  it('that is broken off harms nobody', async () => {
    const socket = connect(simulator.port, '127.0.0.1')
    const { pathname, search, host } = new URL(url())
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\n`)
    socket.write('Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: no\r\n\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /)
    socket.resetAndDestroy()
    expect((await ask(url(), asked())).frames).toHaveLength(9)
  })
})

describe('a conversation', () => {
  it('does not keep the simulator open', async () => {
    const other = await startSimulator()
    const waiting = talk(socketUrl(other, '/chat/max-32k'))
    await once(waiting.socket, 'open')
    await other.close()
    expect(await waiting.over).toEqual({ code: 1006 })
  })

  it('is one request: what is sent after it is not read', async () => {
    const call = talk(url(), asked('[[sim tokens=9 gap=5]]'))
    await call.next()
    call.socket.send(asked())
    expect(await call.over).toEqual({ code: 1000 })
    expect(call.frames).toHaveLength(9)
    expect(simulator.bill().totals.requests).toBe(1)
  })

  it('keeps the pace that is asked for', async () => {
    const startedAt = performance.now()
    await ask(url(), asked('[[sim tokens=9 gap=5]]'))
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(8 * 5)
  })

  it.each(['close', 'terminate'] as const)(
    'that the client leaves (%s) is billed for what was produced',
    async (leave) => {
      const text = '故事 [[sim tokens=5000 gap=2]]'
      const call = talk(url(), asked(text))
      for (let count = 0; count < 12; count += 1) await call.next()
      call.socket[leave]()
      const [request] = await logged()
      const { totals } = simulator.bill()
      expect(request).toMatchObject({ outcome: 'client-closed', usageSent: false, status: 101 })
      expect(totals).toMatchObject({ requests: 1, inputTokens: 4 + countTokens(text) })
      expect(totals.outputTokens).toBeGreaterThanOrEqual(12)
      expect(totals.outputTokens).toBeLessThan(5000)
      expect(request?.completionTokens).toBe(totals.outputTokens)
    },
  )

  it('waits for a slow reader, who pays for what he was sent', async () => {
    const chat = { domain: 'spark-x', max_tokens: 131_072 }
    const body = question(simulator, 'a [[sim tokens=120000]]', { chat })
    const call = talk(socketUrl(simulator, '/v1/x1'), JSON.stringify(body))
    await once(call.socket, 'open')
    call.socket.pause()
    await until(() => simulator.requests().length === 1)
    expect(simulator.bill().totals.requests).toBe(0)
    call.socket.terminate()
    expect(await logged()).toMatchObject([{ outcome: 'client-closed' }])
    expect(simulator.bill().totals.outputTokens).toBeGreaterThan(0)
    expect(simulator.bill().totals.outputTokens).toBeLessThan(120_000)
  })

  it('that ended well stays complete when the client closes first', async () => {
    const call = talk(url(), asked())
    call.socket.on('message', (data) => {
      if (at(objectIn(String(data)), 'header.status') === 2) call.socket.terminate()
    })
    await call.over
    expect(await logged()).toMatchObject([{ outcome: 'complete', usageSent: true }])
  })
})

describe('a fault that asks nothing about the request strikes the handshake', () => {
  it('a status comes with the internal error of the platform, or a body', async () => {
    simulator.addFault({ fault: { status: 503, headers: { 'retry-after': '7' } } })
    const { refused } = await talk(url(), asked()).over
    expect([refused?.status, codeOf(objectIn(refused?.body ?? ''))]).toEqual([503, 10012])
    simulator.addFault({ fault: { status: 418, body: { odd: 1 } } })
    expect((await talk(url(), asked()).over).refused).toEqual({ status: 418, body: '{"odd":1}' })
    expect(simulator.requests()).toMatchObject([
      { outcome: 'refused', status: 418, account: 'simspark000000000000000000000001' },
      { outcome: 'refused', status: 503 },
    ])
  })

  it('so does the page of a broken gateway, after its delay', async () => {
    simulator.addFault({ match: { protocol: 'spark-websocket' }, fault: { html502: true, delayMs: 30 } })
    const startedAt = performance.now()
    const { refused } = await talk(url(), asked()).over
    expect([refused?.status, refused?.body.includes('<h1>502 Bad Gateway</h1>')]).toEqual([502, true])
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(29)
  })

  it('and a bad key', async () => {
    simulator.addFault({ fault: { code: 'bad-key' } })
    const { refused } = await talk(url(), asked()).over
    expect(refused).toMatchObject({ status: 401 })
    expect(objectIn(refused?.body ?? '')).toEqual(objectIn(fixture('spark/ws-handshake-401.json')))
  })

  it('but not when it is meant for another account or another protocol', async () => {
    simulator.addFault({ match: { account: 'other' }, fault: { status: 500 } })
    simulator.addFault({ match: { protocol: 'spark-http' }, fault: { status: 500 } })
    expect((await ask(url(), asked())).frames).toHaveLength(9)
  })
})

describe('any other fault is told in frames', () => {
  const told = async (fault: JsonObject, match: JsonObject = {}) => {
    simulator.addFault({ match, fault })
    const call = talk(url(), asked())
    const { code, refused } = await call.over
    expect(refused).toBeUndefined()
    return { frames: call.frames, code, requests: await logged() }
  }

  it('a status, a page and a bad key too, when they depend on the request', async () => {
    const match = { model: 'max-32k', contains: 'sim tokens' }
    const status = await told({ status: 503 }, match)
    expect(status.frames.map((frame) => codeOf(objectIn(frame)))).toEqual([10012])
    const key = await told({ code: 'bad-key' }, match)
    expect(key.frames.map((frame) => codeOf(objectIn(frame)))).toEqual([10015])
    const page = await told({ html502: true }, match)
    expect(page.frames).toEqual([expect.stringContaining('502 Bad Gateway')])
    expect(page.requests).toMatchObject(
      Array.from({ length: 3 }, () => ({ outcome: 'refused', status: 101 })),
    )
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('a body goes out as it is', async () => {
    const { frames, code } = await told({ body: { header: { code: 10019 } } })
    expect([frames, code]).toEqual([['{"header":{"code":10019}}'], 1000])
  })

  it('an empty stream is a socket that opens and closes', async () => {
    const { frames, code, requests } = await told({ emptyStream: true })
    expect([frames, code]).toEqual([[], 1000])
    expect(requests).toMatchObject([{ outcome: 'refused' }])
    expect(simulator.bill().totals.requests).toBe(0)
  })

  it('a delay holds the first frame back and a gap the next ones', async () => {
    const startedAt = performance.now()
    const { frames } = await told({ delayMs: 40, gapMs: 5 })
    expect(frames).toHaveLength(9)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(39 + 8 * 5)
  })

  it('a client that leaves during the delay pays for the prompt', async () => {
    simulator.addFault({ fault: { delayMs: 60_000 } })
    const call = talk(url(), asked())
    await until(() => simulator.requests().length === 1)
    call.socket.terminate()
    expect(await logged()).toMatchObject([{ outcome: 'client-closed', completionTokens: 0 }])
    expect(simulator.bill().totals).toMatchObject({ requests: 1, inputTokens: promptTokens, outputTokens: 0 })
  })

  it.each([0, 4])('a cut after %i frames destroys the connection', async (count) => {
    const { frames, code, requests } = await told({ cutAfterChunks: count })
    expect([frames.length, code]).toEqual([count, 1006])
    expect(requests).toMatchObject([{ outcome: 'cut', completionTokens: count, usageSent: false }])
    expect(simulator.bill().totals).toMatchObject({ inputTokens: promptTokens, outputTokens: count })
  })

  it.each([0, 3])('a stall after %i frames keeps the socket open and silent', async (count) => {
    simulator.addFault({ fault: { stallAfterChunks: count } })
    const call = talk(url(), asked())
    await until(() => simulator.requests()[0]?.outcome === 'stalled' && call.frames.length === count)
    // It still answers pings, so it is open, and says nothing else.
    call.socket.ping()
    await once(call.socket, 'pong')
    expect(call.frames).toHaveLength(count)
    expect(simulator.requests()[0]?.closedAt).toBeUndefined()
    expect(simulator.bill().totals.outputTokens).toBe(count)
    call.socket.terminate()
    expect(await logged()).toMatchObject([{ outcome: 'stalled' }])
  })

  it('an error is the platform’s own frame, then the end', async () => {
    const { frames, code, requests } = await told({ errorAfterChunks: 3 })
    expect(frames.map((frame) => codeOf(objectIn(frame)))).toEqual([0, 0, 0, 10012])
    expect(objectIn(frames[3] ?? '')['payload']).toBeUndefined()
    expect(code).toBe(1000)
    expect(requests).toMatchObject([{ outcome: 'error', usageSent: false, completionTokens: 3 }])
  })

  it('garbage is a frame that is no JSON, then the end', async () => {
    const { frames, code, requests } = await told({ garbageAfterChunks: 2 })
    expect(frames).toHaveLength(3)
    expect(() => JSON.parse(frames[2] ?? '') as unknown).toThrow('JSON')
    expect(code).toBe(1000)
    expect(requests).toMatchObject([{ outcome: 'error', completionTokens: 2 }])
  })

  it('a count beyond the last frame does nothing', async () => {
    const { frames, requests } = await told({ cutAfterChunks: 500 })
    expect(frames).toHaveLength(9)
    expect(requests).toMatchObject([{ outcome: 'complete' }])
  })

  it.each<[fault: JsonObject, shown: unknown[], usageSent: boolean]>([
    [{ noUsage: true }, Array(9).fill(undefined), false],
    [{ usage: 'null' }, [...Array<undefined>(8).fill(undefined), null], false],
    [{ usage: 'every' }, Array.from({ length: 9 }, (_, index) => index + 1), true],
  ])('usage is told as %j says, and billed all the same', async (fault, shown, usageSent) => {
    const { frames, requests } = await told(fault)
    const usages = frames.map((frame) => at(objectIn(frame), 'payload.usage'))
    expect(usages.map((usage) => at(usage, 'text.completion_tokens') ?? usage)).toEqual(shown)
    expect(heard(frames).join('')).not.toBe('')
    expect(requests).toMatchObject([{ outcome: 'complete', usageSent }])
    expect(simulator.bill().totals).toMatchObject({ requests: 1, outputTokens: 9 })
  })
})

import { connect, type Socket } from 'node:net'
import type { Simulator } from '@tollgate/simulator'
import { APIConnectionError, APIError } from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { until } from '../support/until.ts'

let app: TestGateway
let secret: string
let teamId: string

const model = 'doubao-1-5-pro-32k-250115'
const directive = '[[sim tokens=200 gap=20]]'

beforeAll(async () => {
  app = await startTestGateway({ limits: { idleMs: 700, firstByteMs: 700 } })
  await app.addAccount({ protocol: 'ark', models: [{ name: model }] })
  const team = await app.addTeam({ quotas: [{ metric: 'tokens', window: 'total', limit: 10_000_000n }] })
  secret = team.secret
  teamId = team.teamId
})

afterEach(() => app.simulator.clearFaults())

afterAll(async () => {
  await app.close()
})

describe('a stream that breaks', () => {
  it('is booked once when the client hangs up, and the provider is let go within a second', async () => {
    const { record, log } = await brokenBy(async () => {
      const stream = await startStream()
      let chunks = 0
      for await (const chunk of stream) {
        if ((chunk.choices[0]?.delta.content ?? '') !== '') chunks += 1
        if (chunks === 3) break
      }
    })
    expect(record['status']).toBe('cancelled')
    expect(record['usage_source']).toBe('estimated')
    expect(Number(record['output_tokens'])).toBeGreaterThan(0)
    expect(log.outcome).toBe('client-closed')
  })

  it('is booked once when the client’s socket is torn down', async () => {
    const { record, log } = await brokenBy(async () => {
      const socket = await rawStream()
      await new Promise((resolve) => socket.once('data', resolve))
      socket.resetAndDestroy()
    })
    expect(record['status']).toBe('cancelled')
    expect(log.outcome).toBe('client-closed')
  })

  it('is booked once when the client hangs up before the first byte', async () => {
    app.simulator.addFault({ match: { model }, fault: { delayMs: 2_000 } })
    const { record } = await brokenBy(async () => {
      const abort = new AbortController()
      const call = app
        .client(secret)
        .chat.completions.create(
          { model, messages: [{ role: 'user', content: 'late' }], max_tokens: 50 },
          { signal: abort.signal },
        )
      await until(() => app.books.live.live().inFlight === 1)
      abort.abort()
      await expect(call).rejects.toThrow('aborted')
    })
    expect(record['status']).toBe('cancelled')
  })

  it('is booked once when the provider cuts the connection, and the client is told', async () => {
    app.simulator.addFault({ match: { model }, fault: { cutAfterChunks: 5 } })
    const { record } = await brokenBy(async () => {
      await expect(readAll()).rejects.toBeInstanceOf(APIError)
    })
    expect(record['status']).toBe('error')
    expect(record['usage_source']).toBe('estimated')
  })

  it('is booked once when the provider goes silent, which is noticed, and the connection is closed', async () => {
    app.simulator.addFault({ match: { model }, fault: { stallAfterChunks: 5 } })
    const { record } = await brokenBy(async () => {
      await expect(readAll()).rejects.toBeInstanceOf(APIError)
    })
    expect(record['status']).toBe('error')
    expect(record['error_kind']).toBe('timeout')
  })

  it('is booked once when the provider sends garbage', async () => {
    app.simulator.addFault({ match: { model }, fault: { garbageAfterChunks: 5 } })
    const { record } = await brokenBy(async () => {
      await expect(readAll()).rejects.toBeInstanceOf(APIError)
    })
    expect(record['status']).toBe('error')
    expect(record['error_kind']).toBe('upstream_error')
  })

  it('is booked once when the provider reports an error in the middle', async () => {
    app.simulator.addFault({ match: { model }, fault: { errorAfterChunks: 5 } })
    const { record } = await brokenBy(async () => {
      await expect(readAll()).rejects.toBeInstanceOf(APIError)
    })
    expect(record['status']).toBe('error')
  })

  it('is booked with an estimate when the provider never says what it used', async () => {
    app.simulator.addFault({ match: { model }, fault: { noUsage: true } })
    const { record } = await brokenBy(async () => {
      await readAll()
    })
    expect(record['status']).toBe('ok')
    expect(record['usage_source']).toBe('estimated')
    expect(Number(record['total_tokens'])).toBeGreaterThan(0)
  })

  it('counts as failed when the provider sends an empty stream, with a status instead of half an answer', async () => {
    app.simulator.addFault({ match: { model }, fault: { emptyStream: true } })
    const { record } = await brokenBy(async () => {
      await expect(readAll()).rejects.toMatchObject({ status: 502 })
    })
    expect(record['status']).toBe('error')
  })

  it('never reaches the client when no provider can be reached, and nothing is booked for money', async () => {
    await app.addAccount({
      protocol: 'openai',
      name: 'nowhere',
      baseUrl: 'http://127.0.0.1:1/v1',
      models: [{ name: 'nowhere-model' }],
    })
    const error = await app
      .client(secret)
      .chat.completions.create({ model: 'nowhere-model', messages: [{ role: 'user', content: 'x' }] })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ status: 502, code: 'upstream_error' })
    expect(error).not.toBeInstanceOf(APIConnectionError)
  })
})

/** Runs something that breaks one request and checks what is promised of every broken request. */
async function brokenBy(
  breakOne: () => Promise<void>,
): Promise<{ record: Record<string, unknown>; log: ReturnType<Simulator['requests']>[number] }> {
  const before = await rows()
  const requestsBefore = app.simulator.requests().length
  await breakOne()
  const endedAt = performance.now()
  await until(() => app.books.live.live().inFlight === 0)
  // The provider's side has seen the end of its connection as well.
  await until(() => {
    const [newest] = app.simulator.requests()
    return app.simulator.requests().length > requestsBefore && newest?.closedAt !== undefined
  })
  expect(performance.now() - endedAt).toBeLessThan(1_000)
  await app.books.live.drain()
  const after = await rows()
  expect(after).toHaveLength(before.length + 1)
  expect(await held()).toBe(0n)
  const record = after.at(-1)
  const [log] = app.simulator.requests()
  if (record === undefined || log === undefined) throw new Error('nothing was recorded')
  return { record, log }
}

async function rows(): Promise<Record<string, unknown>[]> {
  const result = await app.database.pool.query<Record<string, unknown>>(
    'select * from usage_record where team_id = $1 order by request_id',
    [teamId],
  )
  return result.rows
}

async function held(): Promise<bigint> {
  const [quota] = [...app.books.keeper.current().quotas.values()].filter((entry) => entry.scopeId === teamId)
  if (quota === undefined) throw new Error('the team has no quota')
  const response = await fetch(`${app.url}/v1/usage`, { headers: { authorization: `Bearer ${secret}` } })
  const usage: unknown = await response.json()
  if (typeof usage !== 'object' || usage === null || !('quotas' in usage) || !Array.isArray(usage.quotas)) {
    throw new Error('no quotas in the answer')
  }
  return BigInt(usage.quotas[0].held)
}

function startStream() {
  return app.client(secret).chat.completions.create({
    model,
    messages: [{ role: 'user', content: `一个很长的故事, please. ${directive}` }],
    max_tokens: 400,
    stream: true,
  })
}

async function readAll(): Promise<string> {
  let text = ''
  for await (const chunk of await startStream()) text += chunk.choices[0]?.delta.content ?? ''
  return text
}

async function rawStream(): Promise<Socket> {
  const { hostname, port } = new URL(app.url)
  const socket = connect(Number(port), hostname)
  await new Promise((resolve) => socket.once('connect', resolve))
  const body = JSON.stringify({
    model,
    messages: [{ role: 'user', content: `raw ${directive}` }],
    max_tokens: 400,
    stream: true,
  })
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: test\r\nauthorization: Bearer ${secret}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
  return socket
}

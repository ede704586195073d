import { Redis } from 'ioredis'
import { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { startRedisServer, type RedisServer } from '../support/redis-server.ts'
import { until } from '../support/until.ts'

const model = 'doubao-1-5-pro-32k-250115'

let redis: RedisServer
let app: TestGateway

beforeAll(async () => {
  redis = await startRedisServer({ appendonly: true })
  app = await startTestGateway({ redisUrl: redis.url })
  await app.addAccount({ protocol: 'ark', models: [{ name: model }] })
})

afterAll(async () => {
  await app.close()
  await redis.close()
})

const ask = (secret: string, content = 'hello [[sim tokens=20]]') =>
  app.client(secret).chat.completions.create({ model, messages: [{ role: 'user', content }], max_tokens: 50 })

async function restart(options: { readonly keepData: boolean }): Promise<void> {
  const { port, directory } = redis
  redis = options.keepData
    ? await startRedisServer({ port, directory, appendonly: true })
    : await startRedisServer({ port, appendonly: true })
  await until(() => app.books.store?.state() === 'ready', 20_000)
}

async function readQuota(secret: string): Promise<{ settled: number; held: number }> {
  const response = await fetch(`${app.url}/v1/usage`, { headers: { authorization: `Bearer ${secret}` } })
  const { quotas } = (await response.json()) as { quotas: { settled: number; held: number }[] }
  const { settled, held } = quotas[0] ?? { settled: -1, held: -1 }
  return { settled, held }
}

async function booked(teamId: string): Promise<number> {
  await app.books.live.drain()
  const { rows } = await app.database.pool.query<{ tokens: string }>(
    'select coalesce(sum(total_tokens), 0) as tokens from usage_record where team_id = $1',
    [teamId],
  )
  return Number(rows[0]?.tokens)
}

describe('while the counters cannot be reached', () => {
  it('requests are refused with 503 and a time to come back, and served again afterwards', async () => {
    const { secret, teamId } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: 1_000_000n }],
    })
    await ask(secret)
    await redis.kill('SIGKILL')
    const refused = await ask(secret).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(APIError)
    if (!(refused instanceof APIError)) return
    expect(refused.status).toBe(503)
    expect(refused.code).toBe('overloaded')
    expect(refused.headers?.get('retry-after')).toBe('1')
    expect(refused.headers?.get('x-should-retry')).toBe('true')
    await restart({ keepData: true })
    await ask(secret)
    expect(await readQuota(secret)).toEqual({ settled: await booked(teamId), held: 0 })
  })

  it('a stream that runs goes on to its end, and is counted when they are back', async () => {
    const { secret, teamId } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: 1_000_000n }],
    })
    for (const keepData of [true, false]) {
      const stream = await app.client(secret).chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'hello [[sim tokens=40 gap=20]]' }],
        max_tokens: 60,
        stream: true,
      })
      let killed = false
      let finished = false
      for await (const chunk of stream) {
        if (!killed) await redis.kill('SIGKILL')
        killed = true
        if (chunk.choices[0]?.finish_reason === 'stop') finished = true
      }
      expect(finished).toBe(true)
      await restart({ keepData })
      await until(async () => (await readQuota(secret)).held === 0)
      expect(await readQuota(secret)).toEqual({ settled: await booked(teamId), held: 0 })
    }
    const { rows } = await app.database.pool.query('select status from usage_record where team_id = $1', [
      teamId,
    ])
    expect(rows).toEqual([{ status: 'ok' }, { status: 'ok' }])
  })

  it('a store that comes back empty is filled from the ledger before the next request, running ones included', async () => {
    const { secret, teamId } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: 1_000_000n }],
    })
    await ask(secret)
    const stream = await app.client(secret).chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'hello [[sim tokens=60 gap=100]]' }],
      max_tokens: 80,
      stream: true,
    })
    const chunks = stream[Symbol.asyncIterator]()
    await chunks.next()
    const before = await readQuota(secret)
    expect(before.held).toBeGreaterThan(80)
    await redis.kill('SIGKILL')
    await restart({ keepData: false })
    expect(await readQuota(secret)).toEqual(before)
    while ((await chunks.next()).done !== true) continue
    await until(async () => (await readQuota(secret)).held === 0)
    expect(await readQuota(secret)).toEqual({ settled: await booked(teamId), held: 0 })
  })

  it('flushed counters are noticed without a lost connection', async () => {
    const { secret, teamId } = await app.addTeam({
      quotas: [{ metric: 'tokens', window: 'day', limit: 1_000_000n }],
    })
    await ask(secret)
    await flush()
    await ask(secret)
    expect(await readQuota(secret)).toEqual({ settled: await booked(teamId), held: 0 })
  })

  it('a team without hard quotas goes on if it said so, and is counted when they are back', async () => {
    const soft = await app.addTeam({
      onCountersDown: 'allow',
      quotas: [{ metric: 'tokens', window: 'day', limit: 10n, hard: false }],
    })
    await redis.kill('SIGKILL')
    await ask(soft.secret)
    await ask(soft.secret)
    await restart({ keepData: true })
    const used = await booked(soft.teamId)
    expect(used).toBeGreaterThan(50)
    await until(async () => (await readQuota(soft.secret)).settled === used)
  })
})

describe('a process that was thought gone', () => {
  it('catches up: what it holds is held again, and what it settles counts once', async () => {
    const other = await startTestGateway({ redisUrl: redis.url, beside: app })
    try {
      const { secret, teamId } = await app.addTeam({
        quotas: [{ metric: 'tokens', window: 'day', limit: 1_000_000n }],
      })
      await other.books.keeper.refresh()
      const stream = await other.client(secret).chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'hello [[sim tokens=100 gap=100]]' }],
        max_tokens: 120,
        stream: true,
      })
      const chunks = stream[Symbol.asyncIterator]()
      await chunks.next()
      const before = await readQuota(secret)
      expect(before.held).toBeGreaterThan(120)

      // As if it were suspended: its lease has run out, and the counters are rebuilt without it.
      const { id } = (await other.books.replicas.list()).at(-1) ?? {}
      await app.database.pool.query(
        `update replica set lease_until = now() - interval '1 second' where id = $1`,
        [id],
      )
      await flush()
      await ask(secret)
      await until(async () => (await readQuota(secret)).held === before.held)
      while ((await chunks.next()).done !== true) continue
      await until(async () => (await readQuota(secret)).held === 0)
      await other.books.live.drain()
      expect(await readQuota(secret)).toEqual({ settled: await booked(teamId), held: 0 })
    } finally {
      await other.close()
    }
  })
})

async function flush(): Promise<void> {
  const client = new Redis(redis.url)
  await client.flushall()
  client.disconnect()
}

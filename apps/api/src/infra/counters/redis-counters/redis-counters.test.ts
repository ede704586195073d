import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { startRedisServer } from '../../../../test/support/redis.ts'
import { tcpProxy } from '../../../../test/support/tcp-proxy.ts'
import { until } from '../../../../test/support/until.ts'
import { CountersUnavailable, type CounterRef } from '../../../ports/counters.ts'
import { silent } from '../testing/modes.ts'
import { RedisCounters, type RedisCountersOptions } from './redis-counters.ts'
import { slotOf } from '../testing/slot-of.ts'

const group = 'team:a'
const atMs = 1_800_000_000_000
const day: CounterRef = {
  counterId: 'day',
  group,
  window: { kind: 'fixed', startMs: atMs, endMs: atMs + 86_400_000 },
}
const minute: CounterRef = { counterId: 'minute', group, window: { kind: 'sliding', lengthMs: 60_000 } }
const parallel: CounterRef = { counterId: 'parallel', group, window: { kind: 'held' } }
const grant: CounterRef = {
  counterId: 'grant',
  group: 'account:x',
  window: { kind: 'fixed', startMs: 0, endMs: undefined },
}

describe('counters on Redis', () => {
  const cleanups: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  })

  async function startServer(
    options: Parameters<typeof startRedisServer>[0] = {},
  ): ReturnType<typeof startRedisServer> {
    const server = await startRedisServer(options)
    cleanups.push(() => server.close())
    return server
  }

  function directTo(url: string): Redis {
    const redis = new Redis(url, { retryStrategy: () => 20 })
    redis.on('error', () => {})
    cleanups.push(() => redis.disconnect())
    return redis
  }

  async function connect(url: string, options: Partial<RedisCountersOptions> = {}): Promise<RedisCounters> {
    const counters = await RedisCounters.connect({ url, log: silent, clock: { now: () => atMs }, ...options })
    cleanups.push(() => counters.close())
    return counters
  }

  async function fill(counters: RedisCounters, epoch = 1): Promise<void> {
    await counters.begin(epoch)
    for (const ref of [day, minute, grant]) await counters.seed({ ref, parts: [] })
    await counters.publish(epoch)
  }

  const reserve = (counters: RedisCounters, reservationId: string, ref = day, limit = 100n) =>
    counters.reserve({
      reservationId,
      group: ref.group,
      holds: [{ ...ref, amount: 10n, limit, hard: true }],
      atMs,
      expiresAtMs: atMs + 1_000,
    })

  const settle = (counters: RedisCounters, reservationId: string) =>
    counters.settle({
      reservationId,
      amounts: new Map([
        ['day', 7n],
        ['grant', 7n],
      ]),
      extra: [],
      atMs,
    })

  it('are cold on an empty store, and admit nothing', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    expect([counters.state(), counters.epoch()]).toEqual(['cold', undefined])
    await expect(reserve(counters, 'a')).rejects.toThrow(CountersUnavailable)
    await expect(counters.read([day], atMs)).rejects.toThrow(CountersUnavailable)
    expect(await settle(counters, 'a')).toBe(false)
    await fill(counters, 5)
    expect([counters.state(), counters.epoch()]).toEqual(['ready', 5])
    expect(await reserve(counters, 'a')).toEqual({ granted: true, passed: [] })
  })

  it('are shared: what one process holds, another one sees and cannot take', async () => {
    const server = await startServer()
    const one = await connect(server.url)
    await fill(one)
    const other = await connect(server.url)
    expect([other.state(), other.epoch()]).toEqual(['ready', 1])
    expect((await reserve(one, 'a', day, 10n)).granted).toBe(true)
    expect((await reserve(other, 'b', day, 10n)).granted).toBe(false)
    // Only who made it resolves it, except the sweeper.
    expect(await other.release('a')).toBe(false)
    expect(await one.release('a')).toBe(true)
    expect((await reserve(other, 'b', day, 10n)).granted).toBe(true)
  })

  it.each([false, true])(
    'are cold after a restart of the server, also when it kept its data (%s): what is in it may be older',
    async (appendonly) => {
      const server = await startServer({ appendonly })
      const counters = await connect(server.url)
      const states: string[] = []
      await fill(counters)
      counters.onState((state) => states.push(state))
      await reserve(counters, 'a')
      await reserve(counters, 'b')
      await server.kill('SIGKILL')
      await until(() => counters.state() === 'away')
      await expect(reserve(counters, 'c')).rejects.toThrow('cannot be reached')
      expect(await settle(counters, 'a')).toBe(true)
      expect(counters.openReservations().map(({ reservationId }) => reservationId)).toEqual(['b'])
      const { port, directory } = server
      await startServer({ port, directory, appendonly })
      await until(() => counters.state() === 'cold')
      expect(await counters.adopt()).toBe('cold')
      await expect(reserve(counters, 'c')).rejects.toThrow('being rebuilt')
      // The ledger has what a used; b still runs.
      await counters.begin(2)
      await counters.seed({ ref: day, parts: [{ atMs, amount: 7n }] })
      await counters.restore(counters.openReservations())
      await counters.publish(2)
      expect(await counters.read([day], atMs)).toEqual([{ settled: 7n, held: 10n }])
      expect(await settle(counters, 'b')).toBe(true)
      expect(await counters.read([day], atMs)).toEqual([{ settled: 14n, held: 0n }])
      expect(states).toEqual(['away', 'cold', 'ready'])
    },
  )

  it('make later, and once, what could not be sent while the store was away', async () => {
    const server = await startServer()
    const wire = await tcpProxy(server.port)
    cleanups.push(() => wire.close())
    const counters = await connect(`redis://127.0.0.1:${wire.port}`)
    const witness = await connect(server.url)
    await fill(counters)
    expect(await witness.adopt()).toBe('ready')
    for (const id of ['settled', 'released', 'dropped', 'swept', 'forgotten']) await reserve(counters, id)
    wire.cut()
    await until(() => counters.state() === 'away')
    expect(await settle(counters, 'settled')).toBe(true)
    expect(await settle(counters, 'swept')).toBe(true)
    expect(await settle(counters, 'forgotten')).toBe(true)
    expect(await counters.release('released')).toBe(true)
    await counters.dropHolds('dropped', group, ['day'])
    expect(counters.open()).toEqual({ reservations: 1 })
    // The record of one is in the ledger before the store is back, and one was swept.
    await counters.forget([{ reservationId: 'forgotten', group }])
    const sweep = { reservationId: 'swept', group, amounts: new Map([['day', 3n]]), unheld: [], atMs }
    expect(await witness.resolve(sweep)).toBe('settled')
    expect(await witness.read([day], atMs)).toEqual([{ settled: 3n, held: 40n }])
    wire.mend()
    await until(() => counters.state() === 'ready')
    expect(await witness.read([day], atMs)).toEqual([{ settled: 17n, held: 0n }])
    const redis = directTo(server.url)
    const open = `tollgate:1:{${group}}:open`
    expect(await redis.hgetall(open)).toEqual({
      settled: '#',
      swept: '#',
      dropped: `[${atMs},${atMs + 1_000}]`,
    })
  })

  it('keep what the server refuses, and ask again', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters)
    const redis = directTo(server.url)
    await reserve(counters, 'a')
    await redis.acl('SETUSER', 'default', '-evalsha')
    expect(await settle(counters, 'a')).toBe(true)
    await expect(reserve(counters, 'b')).rejects.toThrow(/do not answer: NOPERM/)
    await redis.acl('SETUSER', 'default', '+evalsha')
    await until(async () => (await counters.read([day], atMs))[0]?.settled === 7n)
    expect(await counters.read([day], atMs)).toEqual([{ settled: 7n, held: 0n }])
  })

  it('settle in a store whose memory is full, and reserve nothing there', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters)
    await reserve(counters, 'a')
    const redis = directTo(server.url)
    await redis.config('SET', 'maxmemory', '1')
    await expect(reserve(counters, 'b')).rejects.toThrow(/do not answer: OOM/)
    expect(await settle(counters, 'a')).toBe(true)
    expect(await counters.read([day], atMs)).toEqual([{ settled: 7n, held: 0n }])
  })

  it('go on when the server forgets its scripts', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters)
    await directTo(server.url).script('FLUSH')
    expect((await reserve(counters, 'a')).granted).toBe(true)
    expect(await settle(counters, 'a')).toBe(true)
    expect(await counters.read([day], atMs)).toEqual([{ settled: 7n, held: 0n }])
  })

  it('take a server that is silent for gone', async () => {
    const server = await startServer()
    const counters = await connect(server.url, { answerMsMax: 300 })
    await fill(counters)
    await server.kill('SIGSTOP')
    await expect(reserve(counters, 'a')).rejects.toMatchObject({ name: 'CountersUnavailable', sent: true })
    await until(() => counters.state() === 'away')
    await server.kill('SIGCONT')
    await until(() => counters.state() === 'ready')
    // It had arrived, and was given back.
    expect(await counters.read([day], atMs)).toEqual([{ settled: 0n, held: 0n }])
    expect(await counters.expired(Number.MAX_SAFE_INTEGER, 10)).toEqual([])
  })

  it('will not start where counters would be evicted', async () => {
    const server = await startServer()
    const redis = directTo(server.url)
    await redis.config('SET', 'maxmemory', '100mb')
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await expect(RedisCounters.connect({ url: server.url, log: silent })).rejects.toThrow(
      'set maxmemory-policy noeviction',
    )
  })

  it('say so when there is no server, without the password', async () => {
    const url = 'redis://:secret@127.0.0.1:1'
    const failed = RedisCounters.connect({ url, log: silent, connectMsMax: 200 })
    await expect(failed).rejects.toThrow(
      /^The counter store \(REDIS_URL\) cannot be reached: (?!.*secret).*ECONNREFUSED/,
    )
  })

  it('do not publish a store that was lost while it was filled', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await counters.begin(1)
    await counters.seed({ ref: day, parts: [] })
    await directTo(server.url).flushall()
    await expect(counters.publish(1)).rejects.toThrow(CountersUnavailable)
    expect(counters.state()).toBe('cold')
    await fill(counters, 2)
    expect(counters.epoch()).toBe(2)
  })

  it('keep the generation of before when a new one is not finished', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters, 1)
    await reserve(counters, 'a')
    await counters.begin(2)
    await counters.seed({ ref: day, parts: [] })
    expect([counters.state(), counters.epoch()]).toEqual(['cold', undefined])
    expect(await counters.adopt()).toBe('ready')
    expect(counters.epoch()).toBe(1)
    expect(await counters.read([day], atMs)).toEqual([{ settled: 0n, held: 10n }])
    expect(await settle(counters, 'a')).toBe(true)
  })

  it('bring their own running requests into a generation that was filled without them', async () => {
    const server = await startServer()
    const [one, other] = [await connect(server.url), await connect(server.url)]
    await fill(one)
    await other.adopt()
    await reserve(other, 'runs')
    await reserve(other, 'runs', grant)
    await fill(one, 2)
    expect(await one.read([day, grant], atMs)).toEqual([
      { settled: 0n, held: 0n },
      { settled: 0n, held: 0n },
    ])
    // The old generation is removed under its feet.
    await until(async () => (await directTo(server.url).keys('tollgate:1:*')).length === 0)
    await expect(reserve(other, 'late')).rejects.toThrow(CountersUnavailable)
    expect(other.state()).toBe('cold')
    expect(await other.adopt()).toBe('ready')
    expect(await one.read([day, grant], atMs)).toEqual([
      { settled: 0n, held: 10n },
      { settled: 0n, held: 10n },
    ])
    expect(await settle(other, 'runs')).toBe(true)
    expect(await one.read([day, grant], atMs)).toEqual([
      { settled: 7n, held: 0n },
      { settled: 7n, held: 0n },
    ])
  })

  it('bring nothing back that the sweeper has taken', async () => {
    const server = await startServer()
    const wire = await tcpProxy(server.port)
    cleanups.push(() => wire.close())
    let now = atMs
    const one = await connect(server.url)
    const late = await connect(`redis://127.0.0.1:${wire.port}`, { clock: { now: () => now } })
    await fill(one)
    await late.adopt()
    await reserve(late, 'a')
    wire.cut()
    await until(() => late.state() === 'away')
    await one.begin(2)
    for (const ref of [day, minute, grant]) await one.seed({ ref, parts: [] })
    await one.restore(late.openReservations())
    await one.publish(2)
    now = atMs + 1_000
    expect(await one.expired(now, 10)).toMatchObject([{ reservationId: 'a' }])
    const sweep = { reservationId: 'a', group, amounts: new Map([['day', 3n]]), unheld: [], atMs: now }
    expect(await one.resolve(sweep)).toBe('settled')
    await one.forget([{ reservationId: 'a', group }])
    wire.mend()
    await until(() => late.state() === 'ready')
    expect(await settle(late, 'a')).toBe(false)
    expect(late.state()).toBe('ready')
    expect(await one.read([day], atMs)).toEqual([{ settled: 3n, held: 0n }])
  })

  it('notice an emptied store also by counters that need no filling', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters)
    expect((await reserve(counters, 'a', parallel, 10n)).granted).toBe(true)
    const redis = directTo(server.url)
    await redis.flushall()
    await expect(reserve(counters, 'b', parallel, 10n)).rejects.toThrow(CountersUnavailable)
    expect(counters.state()).toBe('cold')
    await fill(counters, 2)
    await redis.flushall()
    // A process that has not worked with the group yet.
    const unused = { ...parallel, group: 'team:b' }
    await expect(reserve(counters, 'b', unused, 10n)).rejects.toThrow(CountersUnavailable)
    expect(counters.state()).toBe('cold')
  })

  it('clear tombstones away that nobody asks for, a week after their reservation would have expired', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters)
    await reserve(counters, 'a')
    await settle(counters, 'a')
    const redis = directTo(server.url)
    const left = () => redis.hlen(`tollgate:1:{${group}}:open`)
    const weekMs = 7 * 86_400_000
    const deadlineMs = atMs + 1_000
    for (const afterMs of [0, 1, weekMs - 1]) {
      expect(await counters.expired(deadlineMs + afterMs, 10)).toEqual([])
      expect(await left()).toBe(1)
    }
    await counters.expired(deadlineMs + weekMs, 10)
    expect(await left()).toBe(0)
    expect(await redis.zcard(`tollgate:1:{${group}}:deadlines`)).toBe(0)
  })

  it('find all that is past its deadline, in many groups and behind many tombstones', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters)
    for (let index = 0; index < 30; index += 1) {
      await reserve(counters, `resolved${index}`, parallel, 100n)
      await settle(counters, `resolved${index}`)
      await counters.reserve({
        reservationId: `open${index}`,
        group: `team:${index}`,
        holds: [],
        atMs,
        expiresAtMs: atMs + 30 - index,
      })
    }
    await reserve(counters, 'newest', parallel, 100n)
    const weekMs = 7 * 86_400_000
    const found = await counters.expired(atMs + weekMs + 1, 100)
    expect(found.map(({ reservationId }) => reservationId)).toEqual([
      ...Array.from({ length: 30 }, (_, index) => `open${29 - index}`),
      'newest',
    ])
  })

  it('let the windows that have turned go, and keep those that never turn', async () => {
    const server = await startServer()
    const counters = await connect(server.url)
    await fill(counters)
    await reserve(counters, 'a')
    await reserve(counters, 'a', grant)
    await reserve(counters, 'a', minute)
    const redis = directTo(server.url)
    const lifetime = (key: string) => redis.pttl(`tollgate:1:${key}`)
    const dayMs = 86_400_000
    expect(await lifetime(`{${group}}:counter:day@${atMs}`)).toBeGreaterThan(2.9 * dayMs)
    expect(await lifetime(`{${group}}:counter:day@${atMs}`)).toBeLessThanOrEqual(3 * dayMs)
    expect(await lifetime(`{${group}}:counter:minute@sliding`)).toBe(-1)
    expect(await lifetime('{account:x}:counter:grant@0')).toBe(-1)
  })

  it('give a script keys of one slot, and touch no others', async () => {
    const server = await startServer()
    const redis = directTo(server.url)
    const monitor = await redis.monitor()
    cleanups.push(() => monitor.disconnect())
    const seen: { args: readonly string[]; source: string }[] = []
    monitor.on('monitor', (_time: string, args: string[], source: string) => seen.push({ args, source }))

    const counters = await connect(server.url)
    await fill(counters)
    await reserve(counters, 'a')
    await reserve(counters, 'a', grant)
    await reserve(counters, 'b', minute)
    await counters.dropHolds('a', 'account:x', ['grant'])
    const extra = [{ ...grant, amount: 1n }]
    await counters.settle({ reservationId: 'b', amounts: new Map([['minute', 2n]]), extra, atMs })
    await counters.adjust([{ ...minute, amount: 1n }], atMs)
    await counters.read([day, minute, parallel, grant], atMs + 100_000)
    await counters.expired(atMs + 10_000, 10)
    await counters.forget([{ reservationId: 'b', group }])
    await counters.restore([
      { reservationId: 'c', group, atMs, expiresAtMs: atMs, holds: [{ ...day, amount: 1n }], opening: 'x' },
    ])
    await settle(counters, 'a')
    await redis.echo('over')
    await until(() => seen.some(({ args }) => args[1] === 'over'))

    // The reference value of this CRC.
    expect(slotOf('123456789')).toBe(0x31c3)
    const called = new Set<string>()
    let declared: readonly string[] = []
    for (const { args, source } of seen) {
      const [command = '', sha = '', count = '0'] = args
      if (command.toLowerCase() === 'evalsha') {
        called.add(sha)
        declared = args.slice(3, 3 + Number(count))
        expect(new Set(declared.map(slotOf)).size).toBe(1)
      } else if (source === 'lua') {
        expect(declared).toContain(args[1])
      }
    }
    expect(called.size).toBe(9)
  })
})

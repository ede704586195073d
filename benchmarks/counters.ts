/**
 * What one reservation on three quotas and one settlement cost: in memory, and on a Redis of this machine as the ratio
 * to bare `EVALSHA`s of the same size, which take as many keys and arguments and do as many HINCRBY, and nothing else.
 *
 *     node benchmarks/counters.ts [--write]
 */
import { Redis } from 'ioredis'
import { startRedisServer } from '../apps/api/test/support/redis-server.ts'
import { MemoryCounters } from '../apps/api/src/infra/counters/memory-counters.ts'
import { RedisCounters } from '../apps/api/src/infra/counters/redis-counters/redis-counters.ts'
import type { CounterRef, Counters, CounterUpkeep, Hold } from '../apps/api/src/ports/counters.ts'
import { writeSection } from './write-section.ts'

const rounds = 9
const group = 'team:0190b3a5-0000-7000-8000-000000000000'
const dayMs = 86_400_000
const startMs = Math.floor(Date.now() / dayMs) * dayMs
const quota = (metric: string, window: CounterRef['window']) => ({
  counterId: `quota:0190b3a5-0000-7000-8000-000000000001:${metric}:*`,
  group,
  window,
})
/** Those of the gateway's benchmark: tokens a day, money a month, requests a minute. */
const refs: readonly CounterRef[] = [
  quota('tokens:day', { kind: 'fixed', startMs, endMs: startMs + dayMs }),
  quota('cost:month', { kind: 'fixed', startMs, endMs: startMs + 30 * dayMs }),
  quota('requests:minute', { kind: 'sliding', lengthMs: 60_000 }),
]
const holds: readonly Hold[] = refs.map((ref) => ({
  ...ref,
  amount: 1_500n,
  limit: 9_000_000_000_000_000_000n,
  hard: true,
}))
const amounts = new Map(refs.map(({ counterId }) => [counterId, 1_100n]))

/** A reservation and its settlement, each to be awaited. */
interface Subject {
  reserve(id: string): Promise<unknown>
  settle(id: string): Promise<unknown>
}

interface Cost {
  readonly reserve: number
  readonly settle: number
}

let last = 0
const server = await startRedisServer()
const redis = new Redis(server.url)
const counters = await RedisCounters.connect({
  url: server.url,
  log: { info() {}, warn: console.warn, error: console.error },
})
try {
  await counters.begin(1)
  await seed(counters)
  await counters.publish(1)
  const memory = new MemoryCounters()
  await seed(memory)

  const shared = subjectOf(counters)
  const bare = await bareSubject(redis)
  const rows = [
    row('memory, one at a time', [await measureAlone(subjectOf(memory), 50_000)], undefined),
    await compare('Redis, one at a time', (subject) => measureAlone(subject, 1_500), shared, bare),
    await compare('Redis, 64 in flight', (subject) => measureTogether(subject, 64, 6_000), shared, bare),
  ]
  const table = [
    '| | reservation, µs | settlement, µs | bare, µs | ratio |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
  process.stdout.write(`${table}\n`)
  if (process.argv.includes('--write'))
    writeSection(
      'Counters',
      `One reservation on three quotas (two calendar windows, one sliding) and one settlement, by the clock;
in flight together: the time of all, divided, the server's and the client's part on the same cores. \`bare\` are \`EVALSHA\`s with as many keys, arguments and HINCRBY over the same client, in turn with ours;
medians of ${rounds} rounds, the ratio that of both together.

${table}`,
    )
} finally {
  await counters.close()
  redis.disconnect()
  await server.close()
}

async function compare(
  name: string,
  measure: (subject: Subject) => Promise<Cost>,
  ours: Subject,
  bare: Subject,
): Promise<string> {
  await measure(bare)
  await measure(ours)
  const costs: Cost[] = []
  const bareCosts: Cost[] = []
  for (let turn = 0; turn < rounds; turn += 1) {
    bareCosts.push(await measure(bare))
    costs.push(await measure(ours))
  }
  return row(name, costs, bareCosts)
}

async function measureAlone(subject: Subject, count: number): Promise<Cost> {
  let reserve = 0
  let settle = 0
  for (let index = 0; index < count; index += 1) {
    const id = nextId()
    const start = performance.now()
    await subject.reserve(id)
    const between = performance.now()
    await subject.settle(id)
    reserve += between - start
    settle += performance.now() - between
  }
  return { reserve: (reserve * 1_000) / count, settle: (settle * 1_000) / count }
}

/** First all reservations, then all settlements, so that each is seen by itself. */
async function measureTogether(subject: Subject, inFlight: number, count: number): Promise<Cost> {
  const ids = Array.from({ length: count }, nextId)
  const timed = async (act: (id: string) => Promise<unknown>) => {
    const left = [...ids]
    const start = performance.now()
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        for (let id = left.pop(); id !== undefined; id = left.pop()) await act(id)
      }),
    )
    return ((performance.now() - start) * 1_000) / count
  }
  return {
    reserve: await timed((id) => subject.reserve(id)),
    settle: await timed((id) => subject.settle(id)),
  }
}

function subjectOf(tested: Counters): Subject {
  return {
    async reserve(reservationId) {
      const atMs = Date.now()
      const outcome = await tested.reserve({
        reservationId,
        group,
        holds,
        atMs,
        expiresAtMs: atMs + 600_000,
      })
      if (!outcome.granted) throw new Error('a reservation of the benchmark was refused')
    },
    async settle(reservationId) {
      const settled = await tested.settle({ reservationId, amounts, extra: [], atMs: Date.now() })
      if (!settled) throw new Error('a settlement of the benchmark was not made')
    },
  }
}

/** Three HINCRBY for what is held; for a settlement three more, for what is settled, and one for the sliding bucket. */
async function bareSubject(client: Redis): Promise<Subject> {
  const load = async (body: string) =>
    String(await client.call('SCRIPT', 'LOAD', `#!lua\n${body}\nreturn {'done'}`))
  const reserve = await load("for i = 4, 6 do redis.call('HINCRBY', KEYS[i], 'held', ARGV[9]) end")
  const settle = await load(
    "for i = 5, 7 do redis.call('HINCRBY', KEYS[i], 'held', ARGV[5]) redis.call('HINCRBY', KEYS[i], 'settled', ARGV[6]) end redis.call('HINCRBY', KEYS[7], 'b', ARGV[6])",
  )
  const base = `bare:{${group}}:`
  const common = ['open', 'deadlines', 'notes', 'known'].map((name) => base + name)
  const keys = refs.map(({ counterId }) => `${base}counter:${counterId}@${startMs}`)
  const entry = `[${Date.now()},${Date.now()}]`
  const lines = refs.map((ref) => `\n["${ref.counterId}","1500","f",${startMs},${startMs}]`).join('')
  return {
    reserve: (id) =>
      client.call(
        'EVALSHA',
        reserve,
        '6',
        ...common.slice(1),
        ...keys,
        ...[id, id, String(Date.now()), String(Date.now()), entry, lines],
        ...refs.flatMap((ref) => [ref.counterId, 'f', '1500', '9000000000000000000', '1', '259200000']),
      ),
    settle: (id) =>
      client.call(
        'EVALSHA',
        settle,
        '7',
        ...common,
        ...keys,
        ...[id, entry + lines, '#', String(Date.now())],
        ...refs.flatMap(() => ['-1500', '1100', String(startMs), '', '']),
      ),
  }
}

async function seed(tested: CounterUpkeep): Promise<void> {
  for (const ref of refs) await tested.seed({ ref, parts: [] })
}

function row(name: string, costs: readonly Cost[], bare: readonly Cost[] | undefined): string {
  const reserve = median(costs.map((cost) => cost.reserve))
  const settle = median(costs.map((cost) => cost.settle))
  const digits = reserve < 10 ? 1 : 0
  const start = `| ${name} | ${reserve.toFixed(digits)} | ${settle.toFixed(digits)} |`
  if (bare === undefined) return `${start} | |`
  const ratios = bare.map(
    (cost, index) =>
      ((costs[index]?.reserve ?? 0) + (costs[index]?.settle ?? 0)) / (cost.reserve + cost.settle),
  )
  const bareReserve = median(bare.map((cost) => cost.reserve)).toFixed(0)
  const bareSettle = median(bare.map((cost) => cost.settle)).toFixed(0)
  return `${start} ${bareReserve} and ${bareSettle} | ${median(ratios).toFixed(2)} |`
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

function nextId(): string {
  last += 1
  return `0190b3a5-0000-7000-8000-${String(last).padStart(12, '0')}`
}

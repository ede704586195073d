import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { MemoryCounters } from '../../infra/counters/memory-counters.ts'
import { grantCounter, quotaCounter, type CountedQuota } from '../counters/windows.ts'
import { correctCounters } from '../ledger/correct-counters.ts'
import { countersOf } from './counters-of.ts'
import type { Adjustment } from './reprice-rows.ts'

const minuteMs = 60_000
const nowMs = Date.parse('2026-11-24T12:00:00+08:00')
const timeZone = 'Asia/Shanghai'
const [red, blue, accountId, keyId, gift] = [uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7()]

const quota = (more: Partial<CountedQuota> & { keyId?: string } = {}) => ({
  id: uuidv7(),
  teamId: red,
  metric: 'cost' as const,
  window: 'total' as const,
  model: undefined,
  keyId: undefined,
  ...more,
})
const quotas = {
  total: quota(),
  day: quota({ window: 'day' }),
  hour: quota({ window: 'hour' }),
  key: quota({ keyId }),
  model: quota({ model: 'qwen-*' }),
  otherTeam: quota({ teamId: blue }),
  tokens: quota({ metric: 'tokens' }),
}
const grant = { id: gift, accountId, unit: 'money', window: 'once', windowSinceMs: 0 } as const

const adjustment = (
  minutesAgo: number,
  billedCostNanos: bigint,
  more: Partial<Adjustment> = {},
): Adjustment => ({
  id: uuidv7(),
  requestId: uuidv7(),
  atMs: nowMs - minutesAgo * minuteMs,
  teamId: red,
  keyId: uuidv7(),
  memberId: undefined,
  model: 'qwen-plus',
  grantId: undefined,
  reason: '',
  actor: 'test',
  priceVersionId: uuidv7(),
  priceTier: 0,
  listCostNanos: billedCostNanos,
  billedCostNanos,
  grantAmount: 0n,
  priced: 0,
  ...more,
})

describe('what adjustments come to on counters', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
    const { prisma } = database
    await prisma.team.createMany({
      data: [
        { id: red, name: 'red', models: ['*'] },
        { id: blue, name: 'blue', models: ['*'] },
      ],
    })
    await prisma.key.create({
      data: { id: keyId, teamId: red, name: 'notebook', hash: Buffer.alloc(32), preview: 'sk' },
    })
    await prisma.quota.createMany({
      data: Object.values(quotas).map(({ model, keyId: key, ...fields }) => ({
        ...fields,
        scope: key === undefined ? 'team' : 'key',
        keyId: key ?? null,
        model: model ?? null,
        limit: 1_000n,
      })),
    })
    await prisma.account.create({
      data: {
        id: accountId,
        name: 'main',
        provider: 'tongyi',
        protocol: 'tongyi-compatible',
        baseUrl: 'http://127.0.0.1:9',
        credentials: Buffer.alloc(0),
        options: {},
        grants: {
          create: {
            id: gift,
            name: 'gift',
            models: ['*'],
            unit: 'money',
            validFrom: new Date(0),
            windowSince: new Date(0),
            whenEmpty: 'provider-bills',
          },
        },
      },
    })
  })
  afterAll(() => database.close())

  const filled = async () => {
    const counters = new MemoryCounters()
    const refs = [
      ...Object.values(quotas).map((entry) => quotaCounter(entry, nowMs, timeZone)),
      grantCounter(grant, nowMs, timeZone),
    ]
    // What is corrected below is among it: 40 of fifty minutes ago, 20 of two minutes ago.
    const parts = [
      { atMs: nowMs - 50 * minuteMs, amount: 40n },
      { atMs: nowMs - 2 * minuteMs, amount: 20n },
      { atMs: nowMs, amount: 40n },
    ]
    for (const ref of refs) await counters.seed({ ref, parts })
    return counters
  }
  const correct = async (counters: MemoryCounters, adjustments: readonly Adjustment[]) =>
    correctCounters(
      counters,
      await countersOf({ db: database.prisma, clock: { now: () => nowMs }, timeZone }, adjustments),
    )
  const settled = async (counters: MemoryCounters, entry: CountedQuota, atMs = nowMs) =>
    (await counters.read([quotaCounter(entry, atMs, timeZone)], atMs))[0]?.settled

  it('adds to every quota of money that the request counted on, and to no other', async () => {
    const counters = await filled()
    await correct(counters, [
      adjustment(1, 30n),
      adjustment(2, -5n),
      adjustment(3, 7n, { keyId, model: 'doubao' }),
    ])
    const seen = await Promise.all(Object.values(quotas).map((entry) => settled(counters, entry)))
    expect(seen).toEqual([132n, 132n, 132n, 107n, 125n, 100n, 100n])
  })

  it('leaves out windows that have turned, and parts that have slid out', async () => {
    const counters = await filled()
    await correct(counters, [adjustment(13 * 60, 30n), adjustment(61, 4n)])
    expect(await settled(counters, quotas.total)).toBe(134n)
    expect(await settled(counters, quotas.day)).toBe(104n)
    expect(await settled(counters, quotas.hour)).toBe(100n)
  })

  it('lets a correction slide out with the request that it corrects', async () => {
    const counters = await filled()
    await correct(counters, [adjustment(50, -40n)])
    expect(await settled(counters, quotas.hour)).toBe(60n)
    // Later than the request's own part, the counter is what it was without both.
    expect(await settled(counters, quotas.hour, nowMs + 12 * minuteMs)).toBe(60n)
  })

  it("adds to the grant in the grant's own unit", async () => {
    const counters = await filled()
    const paid = { grantId: gift, grantAmount: 25n }
    await correct(counters, [adjustment(500, 0n, paid), adjustment(1, 0n, paid)])
    const [reading] = await counters.read([grantCounter(grant, nowMs, timeZone)], nowMs)
    expect(reading?.settled).toBe(150n)
  })
})

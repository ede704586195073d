import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { v7 as uuidv7 } from 'uuid'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { PostgresLedger } from '../../infra/ledger/postgres-ledger.ts'
import type { GrantExhausted } from '../../ports/grants.ts'
import { emptyGrant } from './empty-grant.ts'

let database: TestDatabase
let accountId: string
beforeAll(async () => {
  database = await testDatabase()
  accountId = uuidv7()
  await database.prisma.account.create({
    data: {
      id: accountId,
      name: 'main',
      provider: 'tongyi',
      protocol: 'tongyi-compatible',
      baseUrl: 'http://127.0.0.1:1',
      credentials: Buffer.alloc(0),
    },
  })
})
afterAll(() => database.close())

const timeZone = 'Asia/Shanghai'

async function addGrant(amount: bigint, window = 'once'): Promise<string> {
  const id = uuidv7()
  await database.prisma.grant.create({
    data: {
      id,
      accountId,
      name: id,
      models: ['*'],
      unit: 'tokens',
      window,
      validFrom: new Date(0),
      whenEmpty: 'provider-stops',
      entries: { create: { id: uuidv7(), kind: 'credit', amount, actor: 'user:1' } },
    },
  })
  return id
}

async function use(grantId: string, amount: bigint, startedAtMs = Date.now()): Promise<void> {
  await new PostgresLedger(database.pool).write([
    usageRecord({ grantId, accountId, grantAmount: amount, startedAtMs }),
  ])
}

function report(grantId: string, size: bigint, given: Partial<GrantExhausted> = {}): GrantExhausted {
  return {
    grantId,
    size,
    atMs: Date.now(),
    provider: 'tongyi',
    upstreamCode: 'AllocationQuota.FreeTierOnly',
    message: 'The free quota has been exhausted.',
    ...given,
  }
}

function tell(told: GrantExhausted, given: { settled?: bigint; nowMs?: number } = {}) {
  return database.prisma.$transaction(
    (tx) =>
      emptyGrant(tx, {
        report: told,
        settled: given.settled ?? 0n,
        nowMs: given.nowMs ?? Date.now(),
        timeZone,
      }),
    { maxWait: 30_000, timeout: 30_000 },
  )
}

function entriesOf(grantId: string) {
  return database.prisma.grantEntry.findMany({ where: { grantId }, orderBy: { id: 'asc' } })
}

describe('a grant that the provider says is used up', () => {
  it('is emptied once, with the reason, however many requests say so at the same moment', async () => {
    const id = await addGrant(1_000n)
    await use(id, 400n)
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => tell(report(id, 1_000n))))
    expect(outcomes.filter((outcome) => outcome.emptied)).toEqual([{ emptied: true, amount: 600n }])
    const entries = await entriesOf(id)
    expect(entries).toHaveLength(2)
    expect(entries[1]).toMatchObject({
      kind: 'adjustment',
      amount: -600n,
      actor: 'system',
      effectiveUntil: null,
    })
    expect(entries[1]?.reason).toContain('tongyi answered AllocationQuota.FreeTierOnly: The free quota')
    expect(await database.prisma.auditEntry.count({ where: { subject: `grant:${id}` } })).toBe(1)
  })

  it('keeps what was given to it after the request was sent', async () => {
    const id = await addGrant(1_000n)
    await tell(report(id, 1_000n))
    await database.prisma.grantEntry.create({
      data: { id: uuidv7(), grantId: id, kind: 'credit', amount: 500n, actor: 'user:1' },
    })
    expect(await tell(report(id, 1_000n))).toEqual({ emptied: false, because: 'changed' })
    expect(await tell(report(id, 500n))).toEqual({ emptied: true, amount: 500n })
  })

  it('takes what the counters know beyond the ledger for used', async () => {
    const id = await addGrant(1_000n)
    await use(id, 100n)
    expect(await tell(report(id, 1_000n), { settled: 900n })).toEqual({ emptied: true, amount: 100n })
    expect(await tell(report(id, 900n), { settled: 900n })).toEqual({
      emptied: false,
      because: 'nothing-left',
    })
  })

  it('has its whole amount again at its turn', async () => {
    const id = await addGrant(1_000n, 'day')
    const noonMs = Math.floor(Date.now() / 86_400_000) * 86_400_000 + 4 * 3_600_000
    const turnMs = noonMs + 12 * 3_600_000
    // Yesterday's use is not today's.
    await use(id, 900n, noonMs - 13 * 3_600_000)
    await use(id, 300n, noonMs)
    expect(await tell(report(id, 1_000n, { atMs: noonMs }), { nowMs: noonMs })).toEqual({
      emptied: true,
      amount: 700n,
    })
    expect((await entriesOf(id))[1]?.effectiveUntil).toEqual(new Date(turnMs))
    // It comes in after the turn: what was empty is full again.
    expect(await tell(report(id, 300n, { atMs: noonMs }), { nowMs: turnMs })).toEqual({
      emptied: false,
      because: 'turned',
    })
    expect(await tell(report(id, 1_000n, { atMs: turnMs }), { nowMs: turnMs })).toEqual({
      emptied: true,
      amount: 1_000n,
    })
  })

  it('that is gone is nobody’s business', async () => {
    expect(await tell(report(uuidv7(), 1n))).toEqual({ emptied: false, because: 'gone' })
  })
})

import { v7 as uuidv7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { testRedis, type TestRedis } from '../../../test/support/redis.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { RedisCounters } from '../../infra/counters/redis-counters/redis-counters.ts'
import { PostgresLedger } from '../../infra/ledger/postgres-ledger.ts'
import { PostgresReplicas } from '../../infra/replicas/postgres-replicas.ts'
import { systemClock } from '../../ports/clock.ts'
import type { Ledger } from '../../ports/ledger.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { quotaCounter, teamGroup } from '../counters/windows.ts'
import type { QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'
import { followCounters } from './follow-counters.ts'
import { recordToJson } from './record-json.ts'
import { sweepReservations } from './sweep-reservations.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const teamId = uuidv7()
const quota: QuotaEntry = {
  id: uuidv7(),
  teamId,
  scope: 'team',
  scopeId: teamId,
  scopeName: 'red',
  metric: 'tokens',
  window: 'total',
  limit: 1_000_000n,
  hard: true,
  guarantee: 'exact',
  model: undefined,
  createdAtMs: 0,
}
const counter = quotaCounter(quota, 0, 'UTC')
const snapshot: Snapshot = {
  version: 1,
  currency: 'CNY',
  timeZone: 'UTC',
  countersTimeZone: 'UTC',
  keys: new Map(),
  routes: new Map(),
  quotas: new Map([[quota.id, quota]]),
  grants: new Map(),
}

describe('a process that comes back while what it held is swept', () => {
  let database: TestDatabase
  let redis: TestRedis
  let ledger: PostgresLedger
  let returning: Member
  let sweeping: Member

  interface Member {
    readonly counters: RedisCounters
    readonly replicas: PostgresReplicas
  }

  /** What the returning process does at this moment: a standstill waits for it, as for a batch of the drainer. */
  let batch: Promise<void> = Promise.resolve()

  beforeAll(async () => {
    database = await testDatabase()
    redis = await testRedis()
    ledger = new PostgresLedger(database.pool)
    returning = await member('returning')
    sweeping = await member('sweeping')
    await sweeping.counters.begin(1)
    await sweeping.counters.seed({ ref: counter, parts: [] })
    await sweeping.counters.publish(1)
    await returning.counters.adopt()
  })

  afterAll(async () => {
    for (const { counters, replicas } of [returning, sweeping]) {
      await replicas.leave()
      await counters.close()
    }
    await redis.close()
    await database.close()
  })

  async function member(host: string): Promise<Member> {
    const counters = await RedisCounters.connect({ url: redis.url, log })
    const replicas = new PostgresReplicas({
      pool: database.pool,
      databaseUrl: database.url,
      self: { id: uuidv7(), role: 'api', host, version: 'test' },
      leaseMs: 5_000,
      log,
    })
    await replicas.join({
      async stop() {
        if (host === 'returning') await batch
        return counters.openReservations()
      },
      async resume() {},
      async missed() {},
    })
    return { counters, replicas }
  }

  const sweep = () =>
    sweepReservations(
      {
        clock: systemClock,
        counters: sweeping.counters,
        replicas: sweeping.replicas,
        ledger,
        snapshot: () => snapshot,
      },
      new AbortController().signal,
    )

  /** Held and sent by a run that died; its deadline has passed. */
  async function heldByTheDead(record: UsageRecord): Promise<void> {
    const dead = await RedisCounters.connect({ url: redis.url, log })
    const atMs = record.startedAtMs
    await dead.reserve({
      reservationId: record.requestId,
      group: teamGroup(teamId),
      holds: [{ ...counter, amount: 500n, limit: quota.limit, hard: true }],
      atMs,
      expiresAtMs: atMs + 1,
    })
    const opening: UsageRecord = {
      ...record,
      totalTokens: 117,
      status: 'interrupted',
      usageSource: 'interrupted',
    }
    dead.note(record.requestId, teamGroup(teamId), () => recordToJson(opening))
    await dead.read([counter], atMs)
    await dead.close()
  }

  it.each(['existing', 'write'] as const)(
    'is counted as the ledger has it (swept at its "%s")',
    async (moment) => {
      const record = usageRecord({ startedAtMs: Date.now() - 60_000, teamId, totalTokens: 150 })
      await heldByTheDead(record)
      let swept: Promise<unknown> = Promise.resolve()
      /** The sweeper's turn: as far as it gets while the other is in the middle of its batch. */
      const interfere = async () => {
        swept = sweep()
        await Promise.race([swept, new Promise((resolve) => setTimeout(resolve, 500))])
      }
      const disturbed: Ledger = {
        find: (id) => ledger.find(id),
        findCorrected: (id) => ledger.findCorrected(id),
        quotaUsage: (query) => ledger.quotaUsage(query),
        grantUsage: (query) => ledger.grantUsage(query),
        async existing(ids) {
          const known = await ledger.existing(ids)
          if (moment === 'existing') await interfere()
          return known
        },
        async write(records) {
          if (moment === 'write') await interfere()
          return ledger.write(records)
        },
      }
      const follower = followCounters({
        clock: systemClock,
        counters: returning.counters,
        ledger: disturbed,
        snapshot: () => snapshot,
        state: () => returning.counters.state(),
      })
      const before = await settled()
      // As the drainer does with a batch of an earlier run.
      batch = follower
        .before([record])
        .then(() => disturbed.write([record]))
        .then(() => follower.after([record]))
      await batch
      await swept
      await sweep()
      const booked = await ledger.find(record.requestId)
      expect((await settled()) - before).toBe(BigInt(booked?.totalTokens ?? 0))
      expect((await sweeping.counters.read([counter], Date.now()))[0]?.held).toBe(0n)
    },
  )

  async function settled(): Promise<bigint> {
    return (await sweeping.counters.read([counter], Date.now()))[0]?.settled ?? 0n
  }
})

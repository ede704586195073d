import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { FileJournal } from '../../infra/journal/file-journal.ts'
import { PostgresLedger } from '../../infra/ledger/postgres-ledger.ts'
import { noSteps } from '../../ports/steps.ts'
import { nothingToFollow } from './follow-counters.ts'
import { Drainer } from './drainer.ts'

let database: TestDatabase
let directory: string
const log = { info() {}, warn() {}, error() {} }

beforeAll(async () => {
  database = await testDatabase()
  directory = mkdtempSync(join(tmpdir(), 'tollgate-drainer-'))
})

afterAll(async () => {
  await database.close()
  rmSync(directory, { recursive: true, force: true })
})

describe('the drainer', () => {
  it('puts a record aside that Postgres refuses, and carries all others over', async () => {
    const { journal } = await FileJournal.start({
      directory,
      bytesMax: 10_000_000,
      segmentBytes: 10_000_000,
      durability: 'journal',
      log,
    })
    const ledger = new PostgresLedger(database.pool)
    const drainer = new Drainer({
      source: journal,
      ledger,
      follower: nothingToFollow,
      mayWrite: () => true,
      steps: noSteps,
      log,
    })
    const records = Array.from({ length: 5 }, () => usageRecord({ startedAtMs: 1_795_000_000_000 }))
    const poison = { ...usageRecord({ startedAtMs: 1_795_000_000_000 }), totalTokens: 3_000_000_000 }
    for (const record of [...records.slice(0, 3), poison, ...records.slice(3)]) await journal.settle(record)
    await drainer.drain(5_000)
    expect(journal.pendingCount()).toBe(0)
    for (const record of records) expect(await ledger.find(record.requestId)).toEqual(record)
    expect(await ledger.find(poison.requestId)).toBeUndefined()
    expect(readFileSync(join(directory, 'rejected.log'), 'utf8')).toContain(poison.requestId)
    drainer.stop()
    journal.close()
  })
})

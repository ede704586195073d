import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { usageRecord } from '../../../test/support/usage-records.ts'
import { PostgresLedger } from '../../infra/ledger/postgres-ledger.ts'
import { PostgresUsagePartitions } from '../../infra/migrations/postgres-usage-partitions.ts'
import { compareRollups } from '../verify/compare-rollups.ts'
import { keepPartitions } from './keep-partitions.ts'
import { readRecordsFrom } from './records-from.ts'

let database: TestDatabase
let ledger: PostgresLedger
let now = '2040-06-15T12:00:00Z'

beforeAll(async () => {
  database = await testDatabase()
  ledger = new PostgresLedger(database.pool)
})
afterAll(() => database.close())

const keep = (retentionMonths: number | undefined, dryRun = false) =>
  keepPartitions(
    { clock: { now: () => Date.parse(now) }, partitions: new PostgresUsagePartitions(database.pool) },
    { retentionMonths, dryRun },
  )

/** Books a request of a month and a correction of it; returns its id. */
async function book(month: string): Promise<string> {
  const record = usageRecord({ startedAtMs: Date.parse(`${month}-20T10:00:00Z`) })
  await ledger.write([record])
  await database.pool.query(
    `with made as (
       insert into usage_adjustment (id, request_id, started_at, kind, reason, actor, team_id, key_id, model, provider,
         account_id, status, currency, list_cost, billed_cost, grant_amount)
       select gen_random_uuid(), request_id, started_at, 're-pricing', 'test', 'test', team_id, key_id, model, provider,
         account_id, status, currency, 10, 10, 0 from usage_record where request_id = $1 returning *
     ) update usage_rollup set list_cost = usage_rollup.list_cost + 10, billed_cost = usage_rollup.billed_cost + 10
       from made where hour = date_trunc('hour', made.started_at, 'UTC')`,
    [record.requestId],
  )
  return record.requestId
}

/** Months of what is there: records with their partition, corrections, rollups. */
async function months(): Promise<Record<'records' | 'adjustments' | 'rollups', string[]>> {
  const read = async (text: string) =>
    (await database.pool.query<{ month: string }>(text)).rows.map(({ month }) => month)
  const month = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM')`
  return {
    records: await read(
      `select ${month('started_at')} || ' in ' || tableoid::regclass as month from usage_record order by 1`,
    ),
    adjustments: await read(`select ${month('started_at')} as month from usage_adjustment order by 1`),
    rollups: await read(
      `select ${month('hour')} || ' ' || requests || ' ' || billed_cost as month from usage_rollup order by 1`,
    ),
  }
}

const partitions = async () =>
  (await new PostgresUsagePartitions(database.pool).list()).map(({ name }) => name)
const rollupDifferences = () =>
  compareRollups(database.prisma, { differencesMax: 10, signal: new AbortController().signal })

describe('retention of single requests', () => {
  it('makes the months to come, and moves what came before its month was there', async () => {
    for (const month of ['2040-03', '2040-04', '2040-05', '2040-06']) await book(month)
    expect((await months()).records[0]).toBe('2040-03 in usage_record_default')
    // Last month to three ahead, and two months of strays.
    expect(await keep(undefined)).toEqual({ made: 7, dropped: 0 })
    expect((await months()).records).toEqual([
      '2040-03 in usage_record_2040_03',
      '2040-04 in usage_record_2040_04',
      '2040-05 in usage_record_2040_05',
      '2040-06 in usage_record_2040_06',
    ])
    expect((await partitions()).at(-1)).toBe('usage_record_2040_09')
    expect(await keep(undefined)).toEqual({ made: 0, dropped: 0 })
    expect(await readRecordsFrom(database.prisma)).toBeUndefined()
  })

  it('says what would go when it is asked first', async () => {
    const before = await months()
    const said = await keep(2, true)
    expect(said['dropped']).toBe(0)
    expect(said['wouldGo']).toContainEqual({
      subject: 'usage_record_2040_03',
      message: expect.stringMatching(
        /^single requests of 2040-03 would be dropped \(\d+ KB\); their sums stay$/,
      ),
    })
    expect(await months()).toEqual(before)
  })

  it('drops whole months with their corrections, keeps every sum, and verify knows', async () => {
    const { rollups } = await months()
    const result = await keep(2)
    expect(result['months']).toContain('usage_record_2040_03')
    expect(result['adjustments']).toBe(1)
    expect(await months()).toEqual({
      records: [
        '2040-04 in usage_record_2040_04',
        '2040-05 in usage_record_2040_05',
        '2040-06 in usage_record_2040_06',
      ],
      adjustments: ['2040-04', '2040-05', '2040-06'],
      rollups,
    })
    expect((await partitions())[0]).toBe('usage_record_2040_04')
    expect(await readRecordsFrom(database.prisma)).toEqual(new Date('2040-04-01T00:00:00Z'))
    expect(await rollupDifferences()).toEqual({ months: 3, differences: [] })
    // Twice is once.
    expect(await keep(2)).toEqual({ made: 0, dropped: 0 })
  })

  it('books a record of a dropped month that arrives late, and lets it go with its month', async () => {
    const requestId = await book('2040-03')
    expect((await ledger.find(requestId))?.requestId).toBe(requestId)
    expect((await months()).records[0]).toBe('2040-03 in usage_record_default')
    expect((await months()).rollups[0]).toBe('2040-03 2 360020')
    expect(await rollupDifferences()).toEqual({ months: 3, differences: [] })
    expect(await keep(2)).toMatchObject({
      made: 1,
      dropped: 1,
      months: 'usage_record_2040_03',
      adjustments: 1,
    })
    expect((await months()).rollups[0]).toBe('2040-03 2 360020')
    expect(await readRecordsFrom(database.prisma)).toEqual(new Date('2040-04-01T00:00:00Z'))
  })

  it('gives up rather than hold everybody up behind a long report, and comes again', async () => {
    now = '2040-07-01T00:00:00Z'
    const reader = await database.pool.connect()
    await reader.query('begin')
    await reader.query('select count(*) from usage_record')
    await expect(keep(2)).rejects.toThrow(/lock timeout/)
    expect((await months()).records).toHaveLength(3)
    await reader.query('commit')
    reader.release()
    expect(await keep(2)).toMatchObject({ dropped: 1, months: 'usage_record_2040_04' })
  })
})

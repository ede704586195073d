import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/support/postgres.ts'
import { ensureUsagePartitions } from './ensure-usage-partitions.ts'

describe('ensureUsagePartitions', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.close())

  const record = (requestId: string, startedAt: string) =>
    database.prisma.usageRecord.create({
      data: {
        requestId,
        startedAt,
        endedAt: startedAt,
        teamId: requestId,
        teamName: 'research',
        keyId: requestId,
        keyName: 'notebook',
        endpoint: 'chat.completions',
        stream: false,
        model: 'qwen-plus',
        attempts: [],
        status: 'ok',
        totalTokens: 1,
        usageSource: 'provider',
        reservedTokens: 1,
        reservedCost: 1n,
        currency: 'CNY',
        billedCost: 1n,
      },
    })
  const whereAre = async () =>
    (
      await database.pool.query<{ request_id: string; partition: string }>(
        'SELECT request_id, tableoid::regclass::text AS partition FROM usage_record ORDER BY request_id',
      )
    ).rows.map((row) => [row.request_id.slice(-1), row.partition])

  it('makes the months ahead once, over the end of a year, whoever asks at the same time', async () => {
    const from = new Date('2030-11-30T23:59:59.999Z')
    const made = await Promise.all([1, 2, 3, 4].map(() => ensureUsagePartitions(database.pool, from, 3)))
    expect(made.flat().sort()).toEqual([
      'usage_record_2030_11',
      'usage_record_2030_12',
      'usage_record_2031_01',
    ])
    expect(await ensureUsagePartitions(database.pool, from, 3)).toEqual([])
  })

  it('loses no record of a month without a partition, and moves it once there is one', async () => {
    await record('00000000-0000-7000-8000-000000000001', '2040-05-31T23:59:59.999Z')
    await record('00000000-0000-7000-8000-000000000002', '2040-06-01T00:00:00.000Z')
    await record('00000000-0000-7000-8000-000000000003', '2040-07-01T00:00:00.000Z')
    expect(await whereAre()).toEqual([
      ['1', 'usage_record_default'],
      ['2', 'usage_record_default'],
      ['3', 'usage_record_default'],
    ])
    await ensureUsagePartitions(database.pool, new Date('2040-06-10T00:00:00Z'), 1)
    expect(await whereAre()).toEqual([
      ['1', 'usage_record_default'],
      ['2', 'usage_record_2040_06'],
      ['3', 'usage_record_default'],
    ])
    await record('00000000-0000-7000-8000-000000000004', '2040-06-30T23:59:59.999Z')
    expect((await whereAre()).at(-1)).toEqual(['4', 'usage_record_2040_06'])
  })

  it('keeps one record per request in every partition', async () => {
    const again = record('00000000-0000-7000-8000-000000000002', '2040-06-01T00:00:00.000Z')
    await expect(again).rejects.toThrow(/Unique constraint/)
  })
})

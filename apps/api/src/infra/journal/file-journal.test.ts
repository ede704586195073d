import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { JournalUnavailable, type PendingRecord } from '../../ports/journal.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'
import { FileJournal } from './file-journal.ts'

let directory: string
const warnings: string[] = []
const log = {
  info() {},
  warn: (_: object, message: string) => warnings.push(message),
  error: (_: object, message: string) => warnings.push(message),
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tollgate-journal-'))
  warnings.length = 0
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function start(options: { bytesMax?: number; segmentBytes?: number } = {}) {
  return FileJournal.start({
    directory,
    bytesMax: options.bytesMax ?? 10_000_000,
    segmentBytes: options.segmentBytes ?? 10_000_000,
    durability: 'journal',
    log,
  })
}

describe('the journal', () => {
  it('gives back after a crash what was settled, and what was only opened as interrupted', async () => {
    const before = (await start()).journal
    before.open({ record: record(1, 'interrupted') })
    before.open({ record: record(2, 'interrupted') })
    await before.settle(record(1, 'ok'))
    // No close: the process is gone.
    const { journal, settled, interrupted } = await start()
    expect({ settled, interrupted }).toEqual({ settled: 1, interrupted: 1 })
    expect(pendingOf(journal)).toEqual([
      { record: record(1, 'ok'), replayed: true },
      { record: record(2, 'interrupted'), replayed: true },
    ])
    expect(journal.replayedCount()).toBe(2)
    journal.drained(2)
    journal.close()
    expect(segments()).toEqual([])
    expect((await start()).journal.pendingCount()).toBe(0)
  })

  it('leaves out a torn last line, and says so', async () => {
    const before = (await start()).journal
    before.open({ record: record(1, 'interrupted') })
    await before.settle(record(1, 'ok'))
    appendFileSync(join(directory, segments()[0] ?? ''), '12345678 done {"requestId":"0')
    const { journal } = await start()
    expect(pendingOf(journal)).toEqual([{ record: record(1, 'ok'), replayed: true }])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('torn')
  })

  it('keeps a segment until every request in it is in Postgres, and no longer', async () => {
    const { journal } = await start({ segmentBytes: 2_000 })
    for (let number = 1; number <= 20; number += 1) journal.open({ record: record(number, 'interrupted') })
    await Promise.all(Array.from({ length: 20 }, (_, index) => journal.settle(record(index + 1, 'ok'))))
    const full = segments().length
    expect(full).toBeGreaterThan(5)
    journal.drained(19)
    // The opening of the last request lies in one of the first files.
    expect(segments().length).toBeGreaterThan(1)
    journal.drained(1)
    journal.close()
    expect(segments()).toEqual([])
  })

  it('settles a record that is drained and whose file is gone before it was forced to disk', async () => {
    const { journal } = await start({ segmentBytes: 1 })
    const settlements: Promise<void>[] = []
    for (let number = 1; number <= 200; number += 1) {
      journal.open({ record: record(number, 'interrupted') })
      settlements.push(journal.settle(record(number, 'ok')))
      journal.drained(1)
      // In the middle of running syncs, with files removed beneath them.
      if (number % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(settlements)
    expect(warnings).toEqual([])
    journal.close()
  })

  it('refuses openings when it is full, still takes settlements, and opens again when it is drained', async () => {
    const { journal } = await start({ bytesMax: 3_000 })
    let opened = 0
    expect(() => {
      for (;;) {
        journal.open({ record: record(opened + 1, 'interrupted') })
        opened += 1
      }
    }).toThrow(JournalUnavailable)
    expect(opened).toBeGreaterThan(1)
    for (let number = 1; number <= opened; number += 1) await journal.settle(record(number, 'ok'))
    journal.drained(opened)
    expect(() => journal.open({ record: record(99, 'interrupted') })).not.toThrow()
  })
})

describe('database durability', () => {
  it('lets an answer end only when Postgres has its record', async () => {
    const { journal } = await FileJournal.start({
      directory,
      bytesMax: 10_000_000,
      segmentBytes: 10_000_000,
      durability: 'database',
      log,
    })
    journal.open({ record: record(1, 'interrupted') })
    let ended = false
    const settled = journal.settle(record(1, 'ok')).then(() => (ended = true))
    await new Promise((resolve) => setImmediate(resolve))
    expect(ended).toBe(false)
    journal.drained(1)
    await settled
    expect(ended).toBe(true)
  })
})

function pendingOf(journal: FileJournal): PendingRecord[] {
  return journal.pending(100).map(({ record, replayed }) => ({ record, replayed }))
}

function segments(): string[] {
  return readdirSync(directory).toSorted()
}

function record(number: number, status: UsageRecord['status']): UsageRecord {
  return {
    requestId: `01a20000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    startedAtMs: 1_795_000_000_000 + number,
    firstTokenAtMs: undefined,
    endedAtMs: 1_795_000_001_000,
    teamId: '01a20000-0000-7000-8000-00000000000a',
    teamName: '研发',
    keyId: '01a20000-0000-7000-8000-00000000000b',
    keyName: 'key',
    memberId: undefined,
    endUser: undefined,
    endpoint: 'chat.completions',
    stream: false,
    model: 'qwen-plus',
    offeringId: undefined,
    accountId: undefined,
    accountName: undefined,
    provider: undefined,
    upstreamModel: undefined,
    upstreamId: undefined,
    attempts: [],
    status,
    errorKind: undefined,
    httpStatus: 200,
    finishReason: undefined,
    inputTokens: 10,
    cachedInputTokens: undefined,
    cacheWriteTokens: undefined,
    outputTokens: 20,
    reasoningTokens: undefined,
    totalTokens: 30,
    usageSource: 'provider',
    reservedTokens: 100,
    inputBoundTokens: 20,
    reservedCostNanos: 9_007_199_254_740_993n,
    maxTokensClamped: undefined,
    priceVersionId: undefined,
    priceTier: undefined,
    currency: 'CNY',
    listCostNanos: 12n,
    billedCostNanos: 12n,
    grantId: undefined,
    grantAmount: undefined,
    softQuotasPassed: [],
  }
}

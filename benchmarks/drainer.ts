/**
 * How many usage records a second reach PostgreSQL: by the ledger's statement (insert, rollups, one transaction) and by
 * the whole drainer from the journal's files, each as the ratio to a bare `COPY` of the same rows into an equal table
 * with the same indexes and no rollup, which does nothing else.
 *
 *     node benchmarks/drainer.ts [--write]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { Drainer } from '../apps/api/src/domain/ledger/drainer.ts'
import { FileJournal } from '../apps/api/src/infra/journal/file-journal.ts'
import { PostgresLedger } from '../apps/api/src/infra/ledger/postgres-ledger.ts'
import { usageColumns } from '../apps/api/src/infra/ledger/usage-columns.ts'
import { migrate } from '../apps/api/src/infra/migrate.ts'
import { ensureUsagePartitions } from '../apps/api/src/infra/migrations/ensure-usage-partitions.ts'
import { startEmbeddedPostgres } from '../apps/api/src/infra/postgres/embedded-postgres.ts'
import type { UsageRecord } from '../apps/api/src/ports/usage-record.ts'
import { noSteps } from '../apps/api/src/ports/steps.ts'
import { usageRecord } from '../apps/api/test/support/usage-records.ts'
import { writeSection } from './write-section.ts'

const rounds = 15
const batchRecords = 500
const batches = 10

const log = { info() {}, warn: console.warn, error: console.error }
const directory = mkdtempSync(join(tmpdir(), 'tollgate-bench-drainer-'))
const server = await startEmbeddedPostgres({ dataDirectory: directory, log })
const pool = new pg.Pool({ connectionString: server.url, max: 4 })
try {
  await migrate({ databaseUrl: server.url, log })
  await ensureUsagePartitions(pool, new Date(), 1)
  await pool.query('create table bare_copy (like usage_record including all)')
  const ledger = new PostgresLedger(pool)
  const { journal } = await FileJournal.start({
    directory: join(directory, 'journal'),
    bytesMax: 256 * 1_048_576,
    segmentBytes: 16 * 1_048_576,
    durability: 'journal',
    log,
  })
  const drainer = new Drainer({
    source: journal,
    ledger,
    follower: { before: async () => {}, after: async () => {} },
    mayWrite: () => true,
    steps: noSteps,
    log,
  })
  const subjects = {
    copy: measureCopy,
    write: (all: readonly UsageRecord[]) => measureWrite(ledger, all),
    drain: (all: readonly UsageRecord[]) => measureDrain(journal, drainer, all),
  }
  const perSecond = { copy: [] as number[], write: [] as number[], drain: [] as number[] }
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ['copy', 'write', 'drain'] as const) {
      const ms = await subjects[name](records())
      if (round > 0) perSecond[name].push((batches * batchRecords * 1_000) / ms)
    }
  }
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from usage_record')
  if (rows[0]?.count !== (rounds + 1) * batches * batchRecords * 2) throw new Error('records are missing')
  const row = (name: string, values: readonly number[]) => {
    const ratio = median(values.map((value, index) => value / (perSecond.copy[index] ?? Number.NaN)))
    return `| ${name} | ${median(values).toFixed(0)} | ${ratio.toFixed(2)} |`
  }
  const table = [
    '| way into PostgreSQL | records/s | ratio |',
    '| --- | --- | --- |',
    row('bare `COPY`, no rollup', perSecond.copy),
    row('the ledger: insert and rollups in one statement', perSecond.write),
    row('the drainer, from the journal', perSecond.drain),
  ].join('\n')
  process.stdout.write(`${table}\n`)
  if (process.argv.includes('--write')) {
    writeSection(
      'Drainer',
      `Records a second into the embedded PostgreSQL, ${batchRecords} to a transaction, each committed to disk before the next begins, over one
connection; ratio to a bare \`COPY\` of the same rows into a table with the same indexes; medians of ${rounds} rounds in turn.

${table}`,
    )
  }
  drainer.stop()
  journal.close()
} finally {
  await pool.end()
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}

/** As a busy hour makes them: 8 teams with 4 keys each, 3 models. */
function records(): UsageRecord[] {
  const atMs = Date.now()
  return Array.from({ length: batches * batchRecords }, (_, index) => {
    const team = index % 8
    return usageRecord({
      startedAtMs: atMs,
      teamId: `00000000-0000-7000-8000-0000000000a${team}`,
      keyId: `00000000-0000-7000-8000-0000000000b${index % 4}`,
      model: ['qwen-plus', 'qwen-turbo', 'qwen-max'][index % 3] ?? 'qwen-plus',
    })
  })
}

async function measureCopy(all: readonly UsageRecord[]): Promise<number> {
  const texts = inBatches(all).map((batch) => batch.map(toCopyLine).join(''))
  const client = await pool.connect()
  const sql = `COPY bare_copy (${usageColumns.map((column) => column.name).join(', ')}) FROM STDIN`
  const startedMs = performance.now()
  for (const text of texts) {
    const stream = client.query(copyFrom(sql))
    stream.end(text)
    await finished(stream)
  }
  const ms = performance.now() - startedMs
  client.release()
  return ms
}

async function measureWrite(ledger: PostgresLedger, all: readonly UsageRecord[]): Promise<number> {
  const startedMs = performance.now()
  for (const batch of inBatches(all)) await ledger.write(batch)
  return performance.now() - startedMs
}

/** What is in the journal already: an outage is over. Settling is the request's share, not the drainer's. */
async function measureDrain(
  journal: FileJournal,
  drainer: Drainer,
  all: readonly UsageRecord[],
): Promise<number> {
  await drainer.pause()
  await Promise.all(all.map((record) => journal.settle(record)))
  const startedMs = performance.now()
  drainer.resume()
  await drainer.drain(600_000)
  return performance.now() - startedMs
}

function inBatches(all: readonly UsageRecord[]): UsageRecord[][] {
  return Array.from({ length: batches }, (_, index) =>
    all.slice(index * batchRecords, (index + 1) * batchRecords),
  )
}

/** One line of COPY's text format. */
function toCopyLine(record: UsageRecord): string {
  const cells = usageColumns.map(({ value }) => {
    const cell = value(record)
    if (cell === null) return '\\N'
    const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
    return text.replace(/[\\\t\n\r]/g, (found) => escapes[found] ?? found)
  })
  return `${cells.join('\t')}\n`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
}

import type { BillAmounts, LoggedRequest, Simulator } from '@tollgate/simulator'
import { formatNanos, parseNanos } from '../../../src/domain/prices/format-nanos.ts'
import type { Deployment } from './deployment.ts'
import {
  readAttempts,
  readQuotas,
  readRecords,
  readTotals,
  type QuotaRow,
  type RecordRow,
} from './read-books.ts'
import type { Seen } from './send.ts'
import { prices } from './world.ts'

/** What the books say of a storm, and everything in them that is wrong. */
export interface Audit {
  readonly findings: readonly string[]
  readonly records: number
  /** Requests that the providers billed, and how many of their records rest on the provider's own figures. */
  readonly billed: number
  readonly fromProvider: number
  readonly estimated: number
  readonly interrupted: number
}

export interface AuditInput {
  readonly deployment: Deployment
  readonly simulator: Simulator
  readonly teams: readonly string[]
  readonly seen: readonly Seen[]
}

/**
 * Waits until the books agree with the providers' bill, or `timeoutMs` have passed: what is settled is in the database
 * a moment later, and what a dead process held is swept when its time is up. The answer says what never came right.
 */
export async function auditBooks(input: AuditInput, timeoutMs = 20_000): Promise<Audit> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const audit = await auditOnce(input)
    if (audit.findings.length === 0 || performance.now() > deadline) return audit
    // Embedded and without a dead process there is nothing to sweep, and not every version has the job.
    await input.deployment.api('POST', '/api/jobs/sweep-reservations/runs').catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function auditOnce({ deployment, simulator, teams, seen }: AuditInput): Promise<Audit> {
  const findings: string[] = []
  const log = groupBy(simulator.requests(), (request) => request.tag)
  for (const request of simulator.requests()) {
    if (request.closedAt === undefined) findings.push(`${request.tag}: the provider still answers`)
  }
  const rows = await readRecords(deployment)
  const byTag = groupBy(rows, (row) => row.endUser ?? undefined)
  findings.push(...twiceBooked(rows, byTag))
  for (const [tag, calls] of log) {
    if (calls.some((call) => call.billed !== undefined) && !byTag.has(tag))
      findings.push(`${tag}: billed by the provider, but not in the books`)
  }
  for (const row of rows) {
    const calls = log.get(row.endUser ?? '') ?? []
    findings.push(...wrongInRow(row, calls), ...(await wrongInAttempts(deployment, row, calls)))
  }
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const answer of seen) findings.push(...wrongForClient(answer, byId))
  for (const team of teams) {
    for (const quota of await readQuotas(deployment, team)) findings.push(...wrongInQuota(team, quota, rows))
  }
  findings.push(...wrongInTotals(await readTotals(deployment), rows))
  const ofSource = (source: RecordRow['usageSource']) =>
    rows.filter((row) => row.usageSource === source).length
  return {
    findings,
    records: rows.length,
    billed: [...log.values()].filter((calls) => calls.some((call) => call.billed !== undefined)).length,
    fromProvider: ofSource('provider'),
    estimated: ofSource('estimated'),
    interrupted: ofSource('interrupted'),
  }
}

function twiceBooked(rows: readonly RecordRow[], byTag: ReadonlyMap<string, readonly RecordRow[]>): string[] {
  const findings: string[] = []
  if (new Set(rows.map((row) => row.id)).size !== rows.length)
    findings.push('two records have the same request id')
  for (const [tag, records] of byTag) {
    if (records.length > 1) findings.push(`${tag}: ${records.length} records`)
  }
  return findings
}

/** A record on the provider's figures says what its bill says; whatever else it is says so. */
function wrongInRow(row: RecordRow, calls: readonly LoggedRequest[]): string[] {
  const findings: string[] = []
  const name = `${row.endUser} (${row.id}, ${row.account}, ${row.status}, ${row.usageSource})`
  const listCost = row.listCost === null ? undefined : parseNanos(row.listCost)
  if (listCost !== costOf(row))
    findings.push(`${name}: costs ${row.listCost}, by its own tokens ${formatNanos(costOf(row))}`)
  if (row.usageSource === 'interrupted') return findings
  // A client may hang up while its request is on the way to the provider: the books say what it may have cost.
  if (calls.length === 0 && row.status !== 'cancelled') findings.push(`${name}: no provider ever saw it`)
  if (row.usageSource !== 'provider') return findings
  // Newest first: the last call is the one that the record is about, those before it failed.
  const [last] = calls
  const billed = last?.billed ?? nothing
  for (const bucket of [
    'inputTokens',
    'cachedInputTokens',
    'outputTokens',
    'reasoningTokens',
    'totalTokens',
  ] as const) {
    if ((row[bucket] ?? 0) !== billed[bucket])
      findings.push(`${name}: ${bucket} ${row[bucket]}, billed ${billed[bucket]} (${last?.outcome})`)
  }
  return findings
}

/** What a call may have cost that failed before the one that served is said beside it: the provider told no figures. */
async function wrongInAttempts(
  deployment: Deployment,
  row: RecordRow,
  calls: readonly LoggedRequest[],
): Promise<string[]> {
  const failedAndBilled = calls.filter((call) => call.billed !== undefined).length - 1
  if (failedAndBilled <= 0) return []
  const marked = (await readAttempts(deployment, row.id)).filter(
    (attempt) => (attempt.possiblyBilledTokens ?? 0) > 0,
  )
  return marked.length >= failedAndBilled
    ? []
    : [
        `${row.endUser} (${row.id}): ${failedAndBilled} failed calls were billed, ${marked.length} are marked so`,
      ]
}

/** An answer that a client had to its end was durable before that. */
function wrongForClient(answer: Seen, byId: ReadonlyMap<string, RecordRow>): string[] {
  if (!answer.whole) return []
  const row = byId.get(answer.requestId ?? '')
  if (row === undefined)
    return [`${answer.tag}: answered to its end as ${answer.requestId}, but not in the books`]
  return row.status === 'ok' && row.usageSource !== 'interrupted'
    ? []
    : [`${answer.tag}: answered to its end, but booked as ${row.status} and ${row.usageSource}`]
}

/** Counters are a cache of the ledger, and nothing runs any more. */
function wrongInQuota(team: string, quota: QuotaRow, rows: readonly RecordRow[]): string[] {
  const scoped = rows.filter(
    (row) =>
      row.team === team &&
      (quota.member === null || quota.member === row.member) &&
      (quota.keyName === null || quota.keyName === row.key) &&
      (quota.model === null || quota.model === row.model),
  )
  const used = {
    requests: () => BigInt(scoped.length),
    tokens: () => scoped.reduce((sum, row) => sum + BigInt(row.totalTokens), 0n),
    cost: () => scoped.reduce((sum, row) => sum + (parseNanos(row.billedCost) ?? 0n), 0n),
    concurrency: () => 0n,
  }[quota.metric]()
  const name = `quota of ${quota.metric} of ${quota.keyName ?? quota.member ?? team}`
  return [
    ...(quota.held === 0n ? [] : [`${name}: still holds ${quota.held}`]),
    ...(quota.settled === used ? [] : [`${name}: has ${quota.settled} settled, its records say ${used}`]),
  ]
}

/** The rollups, which pages and reports read, against the records they sum. */
function wrongInTotals(totals: Awaited<ReturnType<typeof readTotals>>, rows: readonly RecordRow[]): string[] {
  const expected = {
    requests: rows.length,
    totalTokens: rows.reduce((sum, row) => sum + row.totalTokens, 0),
    estimatedRequests: rows.filter((row) => row.usageSource === 'estimated').length,
    interruptedRequests: rows.filter((row) => row.usageSource === 'interrupted').length,
    billedCost: formatNanos(rows.reduce((sum, row) => sum + (parseNanos(row.billedCost) ?? 0n), 0n)),
  }
  return Object.entries(expected).flatMap(([name, value]) => {
    const found = totals[name as keyof typeof expected]
    return found === value ? [] : [`the rollup says ${name} ${found}, the records ${value}`]
  })
}

/** One rounding at the end, upward. */
function costOf(row: RecordRow): bigint {
  const nanos =
    BigInt(row.inputTokens ?? 0) * prices.input +
    BigInt(row.cachedInputTokens ?? 0) * prices.cached +
    BigInt((row.outputTokens ?? 0) + (row.reasoningTokens ?? 0)) * prices.output
  return (nanos + 999_999n) / 1_000_000n
}

const nothing: BillAmounts = {
  requests: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
  freeTokens: 0,
  paidTokens: 0,
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string | undefined): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const name = key(item) ?? 'untagged'
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [item])
    else group.push(item)
  }
  return groups
}

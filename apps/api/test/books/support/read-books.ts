import { parseNanos } from '../../../src/domain/prices/format-nanos.ts'
import { callService } from '../../support/service.ts'
import type { Deployment } from './deployment.ts'

/** A row of `GET /api/requests`, as far as an audit reads it. */
export interface RecordRow {
  readonly id: string
  readonly team: string
  readonly key: string
  readonly member: string | null
  readonly endUser: string | null
  readonly model: string
  readonly account: string | null
  readonly status: 'ok' | 'error' | 'cancelled' | 'interrupted'
  readonly inputTokens: number | null
  readonly cachedInputTokens: number | null
  readonly outputTokens: number | null
  readonly reasoningTokens: number | null
  readonly totalTokens: number
  readonly usageSource: 'provider' | 'estimated' | 'interrupted'
  readonly listCost: string | null
  readonly billedCost: string
}

/** The whole ledger, newest first. */
export async function readRecords(deployment: Deployment): Promise<RecordRow[]> {
  const rows: RecordRow[] = []
  let cursor = ''
  for (;;) {
    const page = await deployment.api<{ data: RecordRow[]; nextCursor: string | null }>(
      'GET',
      `/api/requests?limit=200${cursor}`,
    )
    rows.push(...page.data)
    if (page.nextCursor === null) return rows
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`
  }
}

export async function readAttempts(
  deployment: Deployment,
  requestId: string,
): Promise<readonly { readonly outcome: string; readonly possiblyBilledTokens?: number }[]> {
  const { attempts } = await deployment.api<{
    attempts: readonly { outcome: string; possiblyBilledTokens?: number }[]
  }>('GET', `/api/requests/${requestId}`)
  return attempts
}

/** What a quota says at one moment, in tokens, requests or nanos. */
export interface QuotaRow {
  readonly id: string
  readonly metric: 'requests' | 'tokens' | 'cost' | 'concurrency'
  readonly window: string | null
  readonly model: string | null
  readonly member: string | null
  readonly keyName: string | null
  readonly limit: bigint
  readonly settled: bigint
  readonly held: bigint
}

export async function readQuotas(deployment: Deployment, team: string): Promise<QuotaRow[]> {
  return toQuotas(await deployment.api('GET', quotasPath(team)))
}

/** As one process sees them. */
export async function readQuotasAt(url: string, team: string): Promise<QuotaRow[]> {
  return toQuotas(await callService(url, 'GET', quotasPath(team)))
}

function quotasPath(team: string): string {
  return `/api/teams/${encodeURIComponent(team)}/quotas`
}

type Shown = Omit<QuotaRow, 'limit' | 'settled' | 'held'> &
  Readonly<Record<'limit' | 'settled' | 'held', number | string>>

function toQuotas(answer: { readonly data: readonly Shown[] }): QuotaRow[] {
  return answer.data.map((row) => ({
    ...row,
    limit: toAmount(row.limit),
    settled: toAmount(row.settled),
    held: toAmount(row.held),
  }))
}

/** Money comes as a decimal string, everything else as a number. */
export function toAmount(shown: number | string): bigint {
  const amount = typeof shown === 'number' ? BigInt(shown) : parseNanos(shown)
  if (amount === undefined) throw new Error(`not an amount: ${shown}`)
  return amount
}

export interface Totals {
  readonly requests: number
  readonly totalTokens: number
  readonly estimatedRequests: number
  readonly interruptedRequests: number
  readonly billedCost: string
}

export async function readTotals(deployment: Deployment): Promise<Totals> {
  const { totals } = await deployment.api<{ totals: Totals }>('GET', '/api/usage?range=all')
  return totals
}

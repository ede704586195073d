import { describe, expect, it } from 'vitest'
import { findAlerts, type AlertInput } from './find-alerts.ts'
import { noBooksState } from './read-books-state.ts'
import type { GrantReport } from './report-grants.ts'
import type { QuotaReport } from './report-quotas.ts'

const nowMs = Date.UTC(2026, 10, 20)
const dayMs = 24 * 3_600_000

const account = {
  id: 'account-1',
  name: 'main',
  provider: 'tongyi',
  enabled: true,
  state: 'ok',
  stateMessage: null,
  offerings: [{ id: 'offering-1', name: 'qwen-plus', upstreamModel: 'qwen-plus' }],
}
const calm: AlertInput = {
  nowMs,
  grants: [],
  quotas: [],
  accounts: [account],
  routes: [],
  paid: [],
  books: noBooksState,
}

function grant(given: { used?: bigint; expiresInDays?: number; state?: GrantReport['state'] }): GrantReport {
  const used = given.used ?? 0n
  return {
    grant: {
      id: 'grant-1',
      accountId: 'account-1',
      name: 'free',
      models: ['qwen-*'],
      covers: [],
      currency: 'CNY',
      lapsing: [],
      unit: 'tokens',
      amount: 1_000n,
      window: 'once',
      windowSinceMs: 0,
      validFromMs: 0,
      expiresAtMs: given.expiresInDays === undefined ? undefined : nowMs + given.expiresInDays * dayMs,
      whenEmpty: 'provider-stops',
    },
    account: 'main',
    provider: 'tongyi',
    currency: 'CNY',
    source: 'console',
    confidence: 'confirmed',
    note: undefined,
    origin: 'api',
    createdAt: new Date(0),
    state: given.state ?? 'active',
    settled: used,
    held: 0n,
    left: 1_000n - used,
    expired: 0n,
    resetsAt: undefined,
    savedNanos: 0n,
    forecast: { perDay: undefined, emptyAt: undefined, expiresFirst: undefined },
  }
}

function quota(given: {
  window: QuotaReport['quota']['window']
  used: bigint
  metric?: QuotaReport['quota']['metric']
  hard?: boolean
}): QuotaReport {
  return {
    quota: {
      id: 'quota-1',
      teamId: 'team-1',
      scope: 'team',
      scopeId: 'team-1',
      scopeName: 'red',
      metric: given.metric ?? 'tokens',
      window: given.window,
      limit: 100n,
      hard: given.hard ?? true,
      guarantee: 'exact',
      model: undefined,
      createdAtMs: 0,
    },
    teamId: 'team-1',
    memberName: undefined,
    key: undefined,
    currency: 'CNY',
    origin: 'api',
    settled: given.used,
    held: 0n,
    left: 100n - given.used,
    overshootBound: undefined,
    resetsAt: undefined,
  }
}

const kinds = (input: Partial<AlertInput>) =>
  findAlerts({ ...calm, ...input }).map(({ kind, severity }) => `${kind} ${severity}`)

describe('alerts', () => {
  it('are silent while all is well', () => {
    expect(
      kinds({
        grants: [grant({ used: 500n, expiresInDays: 30 })],
        quotas: [quota({ window: 'day', used: 79n })],
      }),
    ).toEqual([])
  })

  it('tell of a grant that runs low, is empty, or ends within a week', () => {
    expect(kinds({ grants: [grant({ used: 900n })] })).toEqual(['grant-low warning'])
    expect(kinds({ grants: [grant({ used: 1_000n, state: 'empty' })] })).toEqual(['grant-low critical'])
    expect(kinds({ grants: [grant({ expiresInDays: 5 })] })).toEqual(['grant-expiring warning'])
    expect(kinds({ grants: [grant({ used: 1_000n, expiresInDays: -1, state: 'expired' })] })).toEqual([])
  })

  it('tell of lasting quotas that are nearly used up, not of minutes that fill and empty', () => {
    expect(kinds({ quotas: [quota({ window: 'month', used: 80n })] })).toEqual(['quota-near warning'])
    expect(kinds({ quotas: [quota({ window: 'total', used: 100n })] })).toEqual(['quota-near critical'])
    expect(kinds({ quotas: [quota({ window: 'minute', used: 100n })] })).toEqual([])
    expect(kinds({ quotas: [quota({ window: 'total', used: 100n, metric: 'concurrency' })] })).toEqual([])
  })

  it('tell of soft quotas that are passed, of whatever window, in place of nearly used up', () => {
    for (const window of ['minute', 'day', 'total'] as const) {
      expect(kinds({ quotas: [quota({ window, used: 101n, hard: false })] })).toEqual([
        'quota-passed warning',
      ])
    }
    const parallel = quota({ window: 'total', used: 101n, hard: false, metric: 'concurrency' })
    expect(kinds({ quotas: [parallel] })).toEqual(['quota-passed warning'])
    expect(kinds({ quotas: [quota({ window: 'day', used: 100n, hard: false })] })).toEqual([
      'quota-near warning',
    ])
  })

  it('tell of books that are not in order before anything else', () => {
    const run = {
      name: 'verify-books',
      failed: false,
      error: null,
      differences: 0,
      subject: null,
      message: null,
    }
    expect(kinds({ books: { runs: [run], putAside: [] } })).toEqual([])
    const books = {
      runs: [
        { ...run, name: 'expire-grants', failed: true, error: 'no connection' },
        { ...run, differences: 2, subject: 'rollup of noon', message: 'is short' },
      ],
      putAside: [{ host: 'api-1', directory: '/data/journal', rejectedRecords: 1, damagedFiles: 0 }],
    }
    expect(findAlerts({ ...calm, books, accounts: [{ ...account, state: 'auth_failed' }] })).toMatchObject([
      { kind: 'books-differ', severity: 'critical', params: { differences: 2, subject: 'rollup of noon' } },
      { kind: 'rejected-records', severity: 'critical', params: { host: 'api-1', rejectedRecords: 1 } },
      { kind: 'account-state' },
      { kind: 'job-failed', severity: 'warning', params: { job: 'expire-grants', message: 'no connection' } },
    ])
  })

  it('tell of an account the provider refuses, first of all', () => {
    expect(
      kinds({ accounts: [{ ...account, state: 'balance_exhausted' }], grants: [grant({ used: 950n })] }),
    ).toEqual(['account-state critical', 'grant-low warning'])
    expect(kinds({ accounts: [{ ...account, enabled: false, state: 'balance_exhausted' }] })).toEqual([])
  })

  it('tell of money spent on what a grant covers, under its own name or a route’s', () => {
    const paid = [{ model: 'qwen-plus', accountId: 'account-1', billedNanos: 1_500_000_000n }]
    expect(findAlerts({ ...calm, paid, grants: [grant({})] })).toEqual([
      {
        kind: 'spill',
        severity: 'warning',
        params: { model: 'qwen-plus', account: 'main', billedCost: '1.5' },
      },
    ])
    expect(kinds({ paid })).toEqual([])
    const routed = [{ model: 'smart', accountId: 'account-1', billedNanos: 1n }]
    expect(kinds({ paid: routed, grants: [grant({})] })).toEqual([])
    const routes = [{ model: 'smart', offerings: [{ offeringId: 'offering-1' }] }]
    expect(kinds({ paid: routed, grants: [grant({})], routes })).toEqual(['spill warning'])
  })
})

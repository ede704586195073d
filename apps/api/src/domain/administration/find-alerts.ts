import { grantCoversOffering } from './grant-covers-offering.ts'
import { percentOf } from './percent.ts'
import { showAmount } from './read-amount.ts'
import type { BooksState } from './read-books-state.ts'
import type { GrantReport } from './report-grants.ts'
import type { QuotaReport } from './report-quotas.ts'
import { formatNanos } from '../prices/format-nanos.ts'

export interface Alert {
  readonly kind:
    | 'books-differ'
    | 'rejected-records'
    | 'job-failed'
    | 'grant-expiring'
    | 'grant-low'
    | 'quota-near'
    | 'quota-passed'
    | 'account-state'
    | 'spill'
  readonly severity: 'warning' | 'critical'
  /** What the page's sentence in the reader's language is made of. */
  readonly params: Readonly<Record<string, string | number | null>>
}

export interface AlertInput {
  readonly nowMs: number
  readonly grants: readonly GrantReport[]
  readonly quotas: readonly QuotaReport[]
  readonly accounts: readonly {
    readonly id: string
    readonly name: string
    readonly provider: string
    readonly enabled: boolean
    readonly state: string
    readonly stateMessage: string | null
    readonly offerings: readonly {
      readonly id: string
      readonly name: string
      readonly upstreamModel: string
    }[]
  }[]
  readonly routes: readonly {
    readonly model: string
    readonly offerings: readonly { readonly offeringId: string }[]
  }[]
  /** Money spent in the range, by model and account. */
  readonly paid: readonly {
    readonly model: string
    readonly accountId: string
    readonly billedNanos: bigint
  }[]
  readonly books: BooksState
}

/** What somebody should look at, the most urgent kinds first. */
export function findAlerts(input: AlertInput): readonly Alert[] {
  return [
    ...booksAlerts(input.books),
    ...accountAlerts(input),
    ...lowGrants(input),
    ...expiringGrants(input),
    ...passedQuotas(input),
    ...nearQuotas(input),
    ...spills(input),
  ].sort((left, right) => Number(right.severity === 'critical') - Number(left.severity === 'critical'))
}

const soonMs = 7 * 24 * 3_600_000
const lowPercent = 90
const nearPercent = 80

/** The books themselves come first: while they are not in order, no other figure is worth much. */
function booksAlerts({ runs, putAside }: BooksState): Alert[] {
  return [
    ...runs
      .filter((run) => run.differences > 0)
      .map(({ differences, subject, message }): Alert => {
        return { kind: 'books-differ', severity: 'critical', params: { differences, subject, message } }
      }),
    ...putAside.map((left): Alert => {
      return { kind: 'rejected-records', severity: 'critical', params: { ...left } }
    }),
    ...runs
      .filter((run) => run.failed)
      .map((run): Alert => {
        return { kind: 'job-failed', severity: 'warning', params: { job: run.name, message: run.error } }
      }),
  ]
}

function accountAlerts(input: AlertInput): Alert[] {
  return input.accounts
    .filter((account) => account.enabled && account.state !== 'ok')
    .map((account) => ({
      kind: 'account-state',
      severity: 'critical',
      params: {
        account: account.name,
        provider: account.provider,
        state: account.state,
        message: account.stateMessage,
      },
    }))
}

function lowGrants(input: AlertInput): Alert[] {
  return input.grants
    .filter((report) => report.state === 'active' || report.state === 'empty')
    .filter((report) => percentOf(report.settled + report.held, report.grant.amount) >= lowPercent)
    .map((report) => ({
      kind: 'grant-low',
      severity: report.state === 'empty' ? 'critical' : 'warning',
      params: grantParams(report),
    }))
}

function expiringGrants(input: AlertInput): Alert[] {
  return input.grants
    .filter(
      (report) =>
        report.state === 'active' &&
        report.grant.expiresAtMs !== undefined &&
        report.grant.expiresAtMs - input.nowMs <= soonMs,
    )
    .map((report) => ({ kind: 'grant-expiring', severity: 'warning', params: grantParams(report) }))
}

function grantParams(report: GrantReport): Alert['params'] {
  const { grant } = report
  return {
    grantId: grant.id,
    account: report.account,
    provider: report.provider,
    grant: grant.name,
    unit: grant.unit,
    left: showAmount(grant.unit === 'money' ? 'money' : 'count', report.left),
    usedPercent: percentOf(report.settled + report.held, grant.amount),
    expiresAt: grant.expiresAtMs === undefined ? null : new Date(grant.expiresAtMs).toISOString(),
  }
}

function nearQuotas(input: AlertInput): Alert[] {
  // Minutes and hours fill and empty all day long; that is what they are for.
  const lasting = new Set(['day', 'week', 'month', 'total'])
  return input.quotas.flatMap((report): Alert[] => {
    const { quota } = report
    const usedPercent = percentOf(report.settled + report.held, quota.limit)
    if (quota.metric === 'concurrency' || !lasting.has(quota.window) || usedPercent < nearPercent) return []
    if (isPassed(report)) return []
    return [
      {
        kind: 'quota-near',
        severity: usedPercent >= 100 && quota.hard ? 'critical' : 'warning',
        params: quotaParams(report),
      },
    ]
  })
}

/** A soft quota refuses nobody: that it is passed is only ever said here, so it is said of every window. */
function passedQuotas(input: AlertInput): Alert[] {
  return input.quotas
    .filter(isPassed)
    .map((report) => ({ kind: 'quota-passed', severity: 'warning', params: quotaParams(report) }))
}

function isPassed({ quota, settled, held }: QuotaReport): boolean {
  return !quota.hard && settled + held > quota.limit
}

function quotaParams(report: QuotaReport): Alert['params'] {
  const { quota } = report
  return {
    quotaId: quota.id,
    scope: quota.scope,
    name: quota.scopeName,
    metric: quota.metric,
    window: quota.window,
    model: quota.model ?? null,
    usedPercent: percentOf(report.settled + report.held, quota.limit),
    resetsAt: report.resetsAt?.toISOString() ?? null,
  }
}

/** Money was spent on a model for which the account has a free quota: it was empty, expired or too small at that moment. */
function spills(input: AlertInput): Alert[] {
  return input.paid.flatMap((spent): Alert[] => {
    const account = input.accounts.find((candidate) => candidate.id === spent.accountId)
    if (account === undefined) return []
    const routed = input.routes
      .find((route) => route.model === spent.model)
      ?.offerings.map((place) => place.offeringId)
    const served = account.offerings.filter(
      (offering) => offering.name === spent.model || routed?.includes(offering.id) === true,
    )
    const covered = input.grants.some((report) =>
      served.some((offering) => grantCoversOffering(report.grant, account.id, offering)),
    )
    if (!covered) return []
    return [
      {
        kind: 'spill',
        severity: 'warning',
        params: { model: spent.model, account: account.name, billedCost: formatNanos(spent.billedNanos) },
      },
    ]
  })
}

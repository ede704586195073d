import type { z } from 'zod'
import { percentOf } from '../../domain/administration/percent.ts'
import { showAmount } from '../../domain/administration/read-amount.ts'
import type { QuotaReport } from '../../domain/administration/report-quotas.ts'
import { origin } from './schemas/common.ts'
import type { quota } from './schemas/quota.ts'

export function showQuota(report: QuotaReport): z.output<typeof quota> {
  const row = report.quota
  const show = (amount: bigint) => showAmount(row.metric === 'cost' ? 'money' : 'count', amount)
  const isConcurrency = row.metric === 'concurrency'
  return {
    id: row.id,
    scope: row.scope,
    metric: row.metric,
    window: isConcurrency ? null : row.window,
    limit: show(row.limit),
    model: row.model ?? null,
    hard: row.hard,
    guarantee: row.guarantee,
    member: report.memberName ?? null,
    key: report.key?.id ?? null,
    keyName: report.key?.name ?? null,
    currency: report.currency,
    origin: origin.parse(report.origin),
    settled: show(report.settled),
    held: show(report.held),
    left: show(report.left),
    overshootBound: report.overshootBound === undefined ? null : show(report.overshootBound),
    usedPercent: percentOf(isConcurrency ? report.held : report.settled, row.limit),
    resetsAt: report.resetsAt?.toISOString() ?? null,
  }
}

import type { z } from 'zod'
import type { GrantProposal } from '../../domain/administration/catalogue.ts'
import type { GrantEntryView } from '../../domain/administration/list-grant-entries.ts'
import { percentOf } from '../../domain/administration/percent.ts'
import { showAmount } from '../../domain/administration/read-amount.ts'
import type { GrantReport } from '../../domain/administration/report-grants.ts'
import { formatNanos } from '../../domain/prices/format-nanos.ts'
import { origin } from './schemas/common.ts'
import {
  confidence,
  entryKind,
  grantSource,
  type grant,
  type grantEntry,
  type grantProposal,
} from './schemas/grant.ts'

export function showProposal(proposal: GrantProposal): z.output<typeof grantProposal> {
  return {
    name: proposal.name,
    models: [...proposal.models],
    unit: proposal.unit,
    amount: proposal.unit === 'money' ? formatNanos(proposal.amount) : proposal.amount.toString(),
    window: proposal.window,
    validDays: proposal.validDays ?? null,
    whenEmpty: proposal.whenEmpty,
    confidence: proposal.confidence,
    note: proposal.note ?? null,
    sources: [...proposal.sources],
  }
}

export function showGrant(report: GrantReport): z.output<typeof grant> {
  const { grant: entry, forecast } = report
  const show = (amount: bigint) => showAmount(amountKind(entry.unit), amount)
  return {
    id: entry.id,
    account: report.account,
    provider: report.provider,
    name: entry.name,
    models: [...entry.models],
    covers: [...entry.covers],
    unit: entry.unit,
    currency: report.currency,
    window: entry.window,
    validFrom: new Date(entry.validFromMs).toISOString(),
    expiresAt: entry.expiresAtMs === undefined ? null : new Date(entry.expiresAtMs).toISOString(),
    whenEmpty: entry.whenEmpty,
    source: grantSource.parse(report.source),
    confidence: confidence.parse(report.confidence),
    note: report.note ?? null,
    origin: origin.parse(report.origin),
    state: report.state,
    granted: show(entry.amount),
    settled: show(report.settled),
    held: show(report.held),
    left: show(report.left),
    expired: show(report.expired),
    usedPercent: percentOf(report.settled, entry.amount),
    resetsAt: report.resetsAt?.toISOString() ?? null,
    saved: formatNanos(report.savedNanos),
    forecast: {
      perDay: forecast.perDay === undefined ? null : show(forecast.perDay),
      emptyAt: forecast.emptyAt?.toISOString() ?? null,
      expiresFirst: forecast.expiresFirst ?? null,
    },
    createdAt: report.createdAt.toISOString(),
  }
}

export function showGrantEntry(entry: GrantEntryView, unit: string): z.output<typeof grantEntry> {
  return {
    id: entry.id,
    kind: entryKind.parse(entry.kind),
    amount: showAmount(amountKind(unit), entry.amount),
    effectiveUntil: entry.effectiveUntil?.toISOString() ?? null,
    reason: entry.reason ?? null,
    actor: entry.actor,
    createdAt: entry.createdAt.toISOString(),
  }
}

export function amountKind(unit: string): 'money' | 'count' {
  return unit === 'money' ? 'money' : 'count'
}

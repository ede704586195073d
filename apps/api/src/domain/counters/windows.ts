import type { CounterRef, CounterWindow } from '../../ports/counters.ts'
import type { GrantEntry, QuotaEntry } from '../snapshot/snapshot.ts'
import { calendarWindow } from './calendar.ts'

const minuteMs = 60_000
const hourMs = 3_600_000

/** What a counter's name and window depend on. */
export type CountedQuota = Pick<QuotaEntry, 'id' | 'teamId' | 'metric' | 'window' | 'model'>
export type CountedGrant = Pick<GrantEntry, 'id' | 'accountId' | 'unit' | 'window' | 'windowSinceMs'>

/** The counter of a quota at a moment: minute and hour slide, calendar windows turn, `total` never ends. */
export function quotaCounter(quota: CountedQuota, atMs: number, timeZone: string): CounterRef {
  return {
    counterId: quotaCounterId(quota),
    group: teamGroup(quota.teamId),
    window: quotaWindow(quota, atMs, timeZone),
  }
}

/** A quota that may be passed by a bound that is shown; requests and parallelism have nothing to guess. */
export function isBounded(quota: QuotaEntry): boolean {
  return quota.guarantee === 'bounded' && (quota.metric === 'tokens' || quota.metric === 'cost')
}

/** By how much a bounded quota may be passed at this moment. What a turned window still holds makes it larger, never smaller. */
export function overshootBound(worstHeld: bigint, held: bigint): bigint {
  return worstHeld > held ? worstHeld - held : 0n
}

/** Beside the counter of a `bounded` quota: what the running requests that it holds for may come to at the worst. */
export function overshootCounter(quota: QuotaEntry): CounterRef {
  return {
    counterId: `${quotaCounterId(quota)}:worst`,
    group: teamGroup(quota.teamId),
    window: { kind: 'held' },
  }
}

/** The counter of a grant at a moment; a renewing grant turns with the calendar. */
export function grantCounter(grant: CountedGrant, atMs: number, timeZone: string): CounterRef {
  return {
    counterId: grantCounterId(grant),
    group: accountGroup(grant.accountId),
    window: grant.window === 'once' ? forever : fixed(calendarWindow(grant.window, atMs, timeZone)),
  }
}

/** Quotas of a team, its members and its keys are reserved together. */
export function teamGroup(teamId: string): string {
  return `team:${teamId}`
}

/** Grants belong to an account. */
export function accountGroup(accountId: string): string {
  return `account:${accountId}`
}

/**
 * What is counted is part of the name: a quota whose window, metric or models are changed is another counter, which is
 * filled from the ledger, and never goes on from figures that meant something else. A grant may go back to a window it
 * once had: since when it has it is part of the name too.
 */
export function quotaCounterId(quota: CountedQuota): string {
  return `quota:${quota.id}:${quota.metric}:${quota.window}:${quota.model ?? '*'}`
}

export function grantCounterId(grant: CountedGrant): string {
  return `grant:${grant.id}:${grant.unit}:${grant.window}:${grant.windowSinceMs}`
}

/** When the counter starts again from nothing; `undefined` for sliding windows, `total` and one-off grants. */
export function turnsAtMs(ref: CounterRef): number | undefined {
  return ref.window.kind === 'fixed' ? ref.window.endMs : undefined
}

function quotaWindow(quota: CountedQuota, atMs: number, timeZone: string): CounterWindow {
  if (quota.metric === 'concurrency') return { kind: 'held' }
  switch (quota.window) {
    case 'minute':
      return { kind: 'sliding', lengthMs: minuteMs }
    case 'hour':
      return { kind: 'sliding', lengthMs: hourMs }
    case 'total':
      return forever
    default:
      return fixed(calendarWindow(quota.window, atMs, timeZone))
  }
}

const forever: CounterWindow = { kind: 'fixed', startMs: 0, endMs: undefined }

function fixed(window: { startMs: number; endMs: number }): CounterWindow {
  return { kind: 'fixed', startMs: window.startMs, endMs: window.endMs }
}

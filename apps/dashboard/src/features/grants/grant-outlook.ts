import type { Grant } from '../../shared/api/types.ts'

type GrantFacts = Pick<Grant, 'state' | 'unit' | 'left' | 'expiresAt' | 'forecast' | 'resetsAt' | 'window'>

/** What will become of a grant, for the line under its bar. */
export type GrantOutlook =
  | { readonly kind: 'expired' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'pending' }
  /** At the present pace it is used up at this time. */
  | { readonly kind: 'runs-out'; readonly at: string }
  /** It ends before it is used up; about this much goes to waste. */
  | { readonly kind: 'wasted'; readonly unused: number | string }
  /** Nothing has used it lately, and nothing ends it. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'steady' }

const dayMs = 86_400_000
/** A day of running out that is further away says nothing. */
const horizonDays = 365

export function grantOutlook(grant: GrantFacts, nowMs: number): GrantOutlook {
  if (grant.state !== 'active') return { kind: grant.state }
  const { perDay, emptyAt, expiresFirst } = grant.forecast
  if (expiresFirst === true && grant.expiresAt !== null) {
    return { kind: 'wasted', unused: unusedAt(grant, perDay, Date.parse(grant.expiresAt) - nowMs) }
  }
  // A renewing grant that lasts until its reset needs no forecast: it is whole again then.
  const resets = grant.window !== 'once' && grant.resetsAt !== null ? Date.parse(grant.resetsAt) : undefined
  if (emptyAt !== null) {
    if (Date.parse(emptyAt) - nowMs > horizonDays * dayMs) return { kind: 'steady' }
    return resets !== undefined && Date.parse(emptyAt) >= resets
      ? { kind: 'steady' }
      : { kind: 'runs-out', at: emptyAt }
  }
  if (perDay === null || Number(perDay) === 0) return { kind: 'idle' }
  return { kind: 'steady' }
}

/** What is left at the end at the present pace; a forecast, so money is rounded to hundredths here. */
function unusedAt(grant: GrantFacts, perDay: number | string | null, leftMs: number): number | string {
  const unused = Math.max(0, Number(grant.left) - Number(perDay ?? 0) * Math.max(0, leftMs / dayMs))
  return typeof grant.left === 'string' ? unused.toFixed(2) : Math.round(unused)
}

const stateOrder = { active: 0, pending: 1, empty: 2, expired: 3 } as const

/** Those that count now first, soonest to end first, as the gateway spends them. */
export function inSpendingOrder(grants: readonly Grant[]): Grant[] {
  return [...grants].sort(
    (a, b) =>
      stateOrder[a.state] - stateOrder[b.state] ||
      Number(inUse(b)) - Number(inUse(a)) ||
      (a.expiresAt ?? '9999').localeCompare(b.expiresAt ?? '9999') ||
      a.name.localeCompare(b.name),
  )
}

function inUse(grant: Grant): boolean {
  return Number(grant.settled) > 0 || Number(grant.held) > 0
}

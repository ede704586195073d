import type { RefusedHold } from '../../ports/counters.ts'
import { formatNanos } from '../prices/format-nanos.ts'
import type { QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'

/** Minute, hour and parallelism lift by themselves soon: the caller may retry. */
export function isRateWindow(quota: QuotaEntry): boolean {
  return quota.metric === 'concurrency' || quota.window === 'minute' || quota.window === 'hour'
}

/** For the caller: which quota, what was needed, what is left, when it frees up. */
export function describeRefusal(
  quota: QuotaEntry,
  refused: RefusedHold,
  snapshot: Snapshot,
  atMs: number,
  facts: { readonly heldBeyondBound: HeldBeyondBound | undefined },
): string {
  const amount = (value: bigint) => show(quota, value, snapshot.currency)
  const left = refused.limit - refused.settled - refused.held
  const heldPart = refused.held > 0n ? ` (${amount(refused.held)} held by running requests)` : ''
  return (
    `The ${quota.metric} quota of ${quota.scope} "${quota.scopeName}" (${amount(refused.limit)}` +
    `${quota.metric === 'concurrency' ? ' at once' : ` per ${quota.window}`}) cannot bear this request: ` +
    `it may need ${amount(refused.needed)}, ${amount(left > 0n ? left : 0n)} is left${heldPart}.` +
    `${whenItFrees(refused, atMs)} ${whatHelps(facts.heldBeyondBound)}, or ask your team lead to raise it.`
  )
}

/** What `max_tokens` does not bound: the thinking before an answer, or on a platform without such a field all of it. */
export type HeldBeyondBound = 'thinking' | 'answer'

function whatHelps(beyond: HeldBeyondBound | undefined): string {
  switch (beyond) {
    case 'thinking':
      return 'This model thinks as long as it likes, whatever max_tokens says: switch its thinking off where it has a switch'
    case 'answer':
      return 'This platform takes no max_tokens, so that the longest answer of the model counts: use a model whose answers are shorter'
    case undefined:
      return 'Ask for less with max_tokens'
  }
}

function show(quota: QuotaEntry, value: bigint, currency: string): string {
  if (quota.metric === 'cost') return `${formatNanos(value)} ${currency}`
  return `${value} ${quota.metric === 'concurrency' ? 'requests' : quota.metric}`
}

function whenItFrees(refused: RefusedHold, atMs: number): string {
  if (refused.freesAtMs === undefined) return ''
  const inMs = refused.freesAtMs - atMs
  return inMs < 3_600_000
    ? ` It frees up in ${Math.ceil(inMs / 1000)} s.`
    : ` It resets at ${new Date(refused.freesAtMs).toISOString()}.`
}

import type { Hold, RefusedHold } from '../../ports/counters.ts'
import { isBounded, overshootCounter, quotaCounter, quotaCounterId, teamGroup } from '../counters/windows.ts'
import { GatewayError } from '../errors.ts'
import { takesBound } from '../estimate/output-worst-case.ts'
import { matchesPattern } from '../routing/match-pattern.ts'
import type { KeyEntry, QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'
import type { RequestBounds } from './bound-request.ts'
import { describeRefusal, isRateWindow, type HeldBeyondBound } from './describe-refusal.ts'
import { amountOn, answerTokensMax, requestAmounts, worstOn, type RequestAmounts } from './request-amounts.ts'
import type { GatewayServices } from './services.ts'

/** The worst case of a request, and what of it was granted. */
export interface Reservation {
  readonly requestId: string
  readonly atMs: number
  readonly inputTokens: number
  /** Bound of each choice's output, as it may be sent; 0 for embeddings. */
  readonly outputTokens: number
  readonly choices: number
  /** Input and every output at the worst, thinking that the platform does not bound included. */
  readonly tokens: number
  /** The quotas could not bear what was asked for: `outputTokens` is what they could. */
  readonly clamped: boolean
  readonly costNanos: bigint
  readonly quotas: readonly QuotaEntry[]
  /** Ids of soft quotas that this request passes. */
  readonly softQuotasPassed: readonly string[]
  /** What was asked for, before anything was clamped. */
  readonly bounds: RequestBounds
  /** Nothing is held: the counters were away, and the team may go on without them. */
  readonly unheld?: true
}

export interface WorstCase extends RequestBounds {
  readonly requestId: string
  readonly snapshot: Snapshot
  readonly key: KeyEntry
  readonly model: string
  readonly signal: AbortSignal
}

export type ReserveServices = Pick<
  GatewayServices,
  'clock' | 'counters' | 'admission' | 'estimator' | 'limits'
>

/**
 * Holds the worst case on every quota that applies, all or nothing. What does not fit is clamped to a useful answer
 * where that is possible, or waits a moment for holds of others to be given back; else the refusal says which quota,
 * what was needed, what is left and when it frees up.
 */
export async function reserve(services: ReserveServices, wanted: WorstCase): Promise<Reservation> {
  const quotas = wanted.key.quotas.filter(
    (quota) => quota.model === undefined || matchesPattern(quota.model, wanted.model),
  )
  const deadlineMs = services.clock.now() + services.limits.admissionWaitMs
  let outputTokens = wanted.outputTokens
  let clampsLeft = clampsMax
  for (;;) {
    const atMs = services.clock.now()
    const amounts = requestAmounts(services, wanted, quotas, outputTokens, atMs)
    const outcome = await services.counters.reserve({
      reservationId: wanted.requestId,
      group: teamGroup(wanted.key.team.id),
      holds: holdsFor(wanted, quotas, amounts, atMs),
      atMs,
      expiresAtMs: atMs + services.limits.requestMsMax + services.limits.settlementMs,
    })
    if (outcome.granted) {
      return {
        requestId: wanted.requestId,
        atMs,
        inputTokens: wanted.inputTokens,
        outputTokens,
        choices: wanted.choices,
        tokens: amounts.tokens,
        clamped: outputTokens < wanted.outputTokens,
        costNanos: amounts.costNanos,
        quotas,
        softQuotasPassed: quotas
          .filter((quota) => outcome.passed.includes(quotaCounterId(quota)))
          .map((quota) => quota.id),
        bounds: wanted,
      }
    }
    const fits = clampsLeft > 0 ? outputThatFits(services, wanted, quotas, outcome.refused, atMs) : undefined
    if (fits !== undefined) {
      outputTokens = fits
      clampsLeft -= 1
      continue
    }
    const worthWaiting = outcome.refused.every((refused) =>
      freesWithHolds(services, wanted, quotas, refused, atMs),
    )
    if (!worthWaiting || !(await waitForHolds(services, wanted, deadlineMs))) {
      throw refusal(services, outcome.refused, quotas, wanted, atMs)
    }
    outputTokens = wanted.outputTokens
    clampsLeft = clampsMax
  }
}

/** Between the refusal and the next attempt others take their share of what is left. */
const clampsMax = 4

async function waitForHolds(
  services: ReserveServices,
  wanted: WorstCase,
  deadlineMs: number,
): Promise<boolean> {
  const leftMs = deadlineMs - services.clock.now()
  return services.admission.wait(wanted.key.team.id, leftMs, wanted.signal)
}

function holdsFor(
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  amounts: RequestAmounts,
  atMs: number,
): Hold[] {
  const holds: Hold[] = []
  for (const quota of quotas) {
    const { limit } = quota
    const ref = quotaCounter(quota, atMs, wanted.snapshot.timeZone)
    holds.push({ ...ref, amount: amountOn(quota, amounts), limit, hard: quota.hard })
    // The worst case is held beside it, so that anybody can see how far the quota may be passed at this moment.
    if (isBounded(quota))
      holds.push({ ...overshootCounter(quota), amount: worstOn(quota, amounts), limit, hard: false })
  }
  return holds
}

/**
 * The largest output bound that every refusing quota can bear, when it still makes a useful answer. By halving: what a
 * bound comes to, tiers and thinking and all, grows with it, but has no inverse.
 */
function outputThatFits(
  services: ReserveServices,
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  refused: readonly RefusedHold[],
  atMs: number,
): number | undefined {
  const refusing = refused.map((entry) => ({
    quota: quotaOf(quotas, entry),
    left: entry.limit - entry.settled - entry.held,
  }))
  if (refusing.some(({ quota }) => quota.metric !== 'tokens' && quota.metric !== 'cost')) return undefined
  const fits = (outputTokens: number) => {
    const amounts = requestAmounts(services, wanted, quotas, outputTokens, atMs)
    return refusing.every(({ quota, left }) => amountOn(quota, amounts) <= left)
  }
  if (wanted.outputTokens === 0) return undefined
  let low = Math.max(1, usefulOutput(services, wanted))
  if (!fits(low)) return undefined
  let high = wanted.outputTokens
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  return low
}

function usefulOutput(services: ReserveServices, wanted: WorstCase): number {
  return Math.min(services.limits.usefulOutputTokens, wanted.outputTokens)
}

/**
 * Whether a refusal may lift as soon as running requests end: what is settled alone leaves room for a useful answer.
 * A full parallelism quota answers at once: its caller set it to be told.
 */
function freesWithHolds(
  services: ReserveServices,
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  refused: RefusedHold,
  atMs: number,
): boolean {
  const quota = quotaOf(quotas, refused)
  if (quota.metric === 'concurrency' || refused.held === 0n) return false
  const amounts = requestAmounts(services, wanted, quotas, usefulOutput(services, wanted), atMs)
  return refused.settled + amountOn(quota, amounts) <= refused.limit
}

function refusal(
  services: ReserveServices,
  refused: readonly RefusedHold[],
  quotas: readonly QuotaEntry[],
  wanted: WorstCase,
  atMs: number,
): GatewayError {
  const entries = refused.map((entry) => ({ quota: quotaOf(quotas, entry), entry }))
  // A quota that stays used up for a day or more is the answer that matters: waiting a minute would not help.
  const first = entries.find(({ quota }) => !isRateWindow(quota)) ?? entries[0]
  if (first === undefined) throw new Error('a reservation was refused without a reason')
  const lasting = !isRateWindow(first.quota)
  const frees = entries.map(({ entry }) => entry.freesAtMs).filter((freesAtMs) => freesAtMs !== undefined)
  const retryAfterMs = frees.length > 0 ? Math.max(...frees) - atMs : oneSecondMs
  return new GatewayError(
    lasting ? 'insufficient_quota' : 'rate_limit_exceeded',
    describeRefusal(first.quota, first.entry, wanted.snapshot, atMs, {
      heldBeyondBound: heldBeyondBound(services, wanted),
    }),
    lasting ? {} : { retryAfterMs: Math.max(retryAfterMs, oneSecondMs) },
  )
}

const oneSecondMs = 1_000

/** Why a smaller `max_tokens` would not help, if so: what is held is mostly what it does not bound. */
function heldBeyondBound(services: ReserveServices, wanted: WorstCase): HeldBeyondBound | undefined {
  const useful = usefulOutput(services, wanted)
  const beyond = wanted.candidates.find((offering) => answerTokensMax(wanted, offering, useful) > 2 * useful)
  if (beyond === undefined) return undefined
  return takesBound(beyond, wanted.body) ? 'thinking' : 'answer'
}

function quotaOf(quotas: readonly QuotaEntry[], refused: RefusedHold): QuotaEntry {
  const quota = quotas.find((candidate) => refused.counterId === quotaCounterId(candidate))
  if (quota === undefined) throw new Error(`no quota for counter ${refused.counterId}`)
  return quota
}

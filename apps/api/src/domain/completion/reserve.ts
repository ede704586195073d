import type { Hold, RefusedHold } from '../../ports/counters.ts'
import { quotaCounter, quotaCounterId, teamGroup } from '../counters/windows.ts'
import { GatewayError } from '../errors.ts'
import { priceAt } from '../prices/price-at.ts'
import { worstCaseCost } from '../prices/worst-case-cost.ts'
import { matchesPattern } from '../routing/match-pattern.ts'
import type { KeyEntry, OfferingEntry, QuotaEntry, Snapshot } from '../snapshot/snapshot.ts'
import { describeRefusal, isRateWindow } from './describe-refusal.ts'
import type { GatewayServices } from './services.ts'

/** The worst case of a request, and what of it was granted. */
export interface Reservation {
  readonly requestId: string
  readonly atMs: number
  readonly inputTokens: number
  /** Output tokens held for each choice; 0 for embeddings. */
  readonly outputTokens: number
  readonly choices: number
  /** The quotas could not bear what was asked for: `outputTokens` is what they could. */
  readonly clamped: boolean
  readonly costNanos: bigint
  readonly quotas: readonly QuotaEntry[]
  /** Ids of soft quotas that this request passes. */
  readonly softQuotasPassed: readonly string[]
}

export interface WorstCase {
  readonly requestId: string
  readonly snapshot: Snapshot
  readonly key: KeyEntry
  readonly model: string
  /** Every offering that may serve it: the dearest one decides how much money is held. */
  readonly candidates: readonly OfferingEntry[]
  readonly inputTokens: number
  readonly outputTokens: number
  readonly choices: number
  readonly signal: AbortSignal
}

/**
 * Holds the worst case on every quota that applies, all or nothing. What does not fit is clamped to a useful answer
 * where that is possible, or waits a moment for holds of others to be given back; else the refusal says which quota,
 * what was needed, what is left and when it frees up.
 */
export async function reserve(services: GatewayServices, wanted: WorstCase): Promise<Reservation> {
  const quotas = wanted.key.quotas.filter(
    (quota) => quota.model === undefined || matchesPattern(quota.model, wanted.model),
  )
  const deadlineMs = services.clock.now() + services.limits.admissionWaitMs
  let outputTokens = wanted.outputTokens
  let clampTried = false
  for (;;) {
    const atMs = services.clock.now()
    const costNanos = worstCost(wanted, quotas, outputTokens, atMs)
    const holds = holdsFor(wanted, quotas, outputTokens, costNanos, atMs)
    const outcome = await services.counters.reserve({
      reservationId: wanted.requestId,
      group: teamGroup(wanted.key.team.id),
      holds,
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
        clamped: outputTokens < wanted.outputTokens,
        costNanos,
        quotas,
        softQuotasPassed: quotas
          .filter((quota) => outcome.passed.includes(quotaCounterId(quota)))
          .map((quota) => quota.id),
      }
    }
    if (!clampTried) {
      const fits = outputThatFits(services, wanted, quotas, outcome.refused, atMs)
      if (fits !== undefined) {
        outputTokens = fits
        clampTried = true
        continue
      }
    }
    const worthWaiting = outcome.refused.every((refused) =>
      freesWithHolds(services, wanted, quotas, refused, atMs),
    )
    if (!worthWaiting || !(await waitForHolds(services, wanted, deadlineMs))) {
      throw refusal(outcome.refused, quotas, wanted, atMs)
    }
    outputTokens = wanted.outputTokens
    clampTried = false
  }
}

async function waitForHolds(
  services: GatewayServices,
  wanted: WorstCase,
  deadlineMs: number,
): Promise<boolean> {
  const leftMs = deadlineMs - services.clock.now()
  return services.admission.wait(wanted.key.team.id, leftMs, wanted.signal)
}

function holdsFor(
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  outputTokens: number,
  costNanos: bigint,
  atMs: number,
): Hold[] {
  return quotas.map((quota) => ({
    ...quotaCounter(quota, atMs, wanted.snapshot.timeZone),
    amount: amountOf(quota, wanted.inputTokens + outputTokens * wanted.choices, costNanos),
    limit: quota.limit,
    hard: quota.hard,
  }))
}

function amountOf(quota: QuotaEntry, tokens: number, costNanos: bigint): bigint {
  switch (quota.metric) {
    case 'requests':
    case 'concurrency':
      return 1n
    case 'tokens':
      return BigInt(tokens)
    case 'cost':
      return costNanos
  }
}

/** Zero when no quota counts money: then nothing is computed. An offering without a price never gets here with one. */
function worstCost(
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  outputTokens: number,
  atMs: number,
): bigint {
  if (!quotas.some((quota) => quota.metric === 'cost')) return 0n
  let worst = 0n
  for (const offering of wanted.candidates) {
    const price = priceAt(offering, atMs)
    if (price === undefined) continue
    const cost = worstCaseCost(price.price, {
      inputTokens: wanted.inputTokens,
      outputTokens: outputTokens * wanted.choices,
      atMs,
    })
    if (cost !== undefined && cost > worst) worst = cost
  }
  return worst
}

/** The largest output bound that every refusing quota can bear, when it still makes a useful answer. */
function outputThatFits(
  services: GatewayServices,
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  refused: readonly RefusedHold[],
  atMs: number,
): number | undefined {
  const useful = usefulOutput(services, wanted)
  if (useful >= wanted.outputTokens) return undefined
  let fits = wanted.outputTokens
  for (const entry of refused) {
    const quota = quotaOf(quotas, entry)
    const left = entry.limit - entry.settled - entry.held
    if (quota.metric === 'tokens') {
      fits = Math.min(fits, Math.floor((Number(left) - wanted.inputTokens) / wanted.choices))
    } else if (quota.metric === 'cost') {
      fits = Math.min(fits, outputForCost(wanted, quotas, left, fits, atMs))
    } else {
      return undefined
    }
    if (fits < useful) return undefined
  }
  return fits
}

/** By halving: the cost of a bound is monotonous, tiers and all, but has no inverse. */
function outputForCost(
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  leftNanos: bigint,
  outputTokensMax: number,
  atMs: number,
): number {
  let low = -1
  let high = outputTokensMax
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (worstCost(wanted, quotas, middle, atMs) <= leftNanos) low = middle
    else high = middle - 1
  }
  return low
}

function usefulOutput(services: GatewayServices, wanted: WorstCase): number {
  return Math.min(services.limits.usefulOutputTokens, wanted.outputTokens)
}

/**
 * Whether a refusal may lift as soon as running requests end: what is settled alone leaves room for a useful answer.
 * A full parallelism quota answers at once: its caller set it to be told.
 */
function freesWithHolds(
  services: GatewayServices,
  wanted: WorstCase,
  quotas: readonly QuotaEntry[],
  refused: RefusedHold,
  atMs: number,
): boolean {
  const quota = quotaOf(quotas, refused)
  if (quota.metric === 'concurrency' || refused.held === 0n) return false
  const output = usefulOutput(services, wanted)
  const least = amountOf(
    quota,
    wanted.inputTokens + output * wanted.choices,
    worstCost(wanted, quotas, output, atMs),
  )
  return refused.settled + least <= refused.limit
}

function refusal(
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
    describeRefusal(first.quota, first.entry, wanted.snapshot, atMs),
    lasting ? {} : { retryAfterMs: Math.max(retryAfterMs, oneSecondMs) },
  )
}

const oneSecondMs = 1_000

function quotaOf(quotas: readonly QuotaEntry[], refused: RefusedHold): QuotaEntry {
  const quota = quotas.find((candidate) => refused.counterId === quotaCounterId(candidate))
  if (quota === undefined) throw new Error(`no quota for counter ${refused.counterId}`)
  return quota
}

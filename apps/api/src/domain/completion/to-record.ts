import { asksThinking } from '../prices/asks-thinking.ts'
import { priceAt } from '../prices/price-at.ts'
import type { Opening } from '../../ports/journal.ts'
import type { Attempt, UsageRecord } from '../../ports/usage-record.ts'
import type { Candidate } from '../routing/choose.ts'
import type { RouteEntry } from '../snapshot/snapshot.ts'
import type { Dispatched } from './call-providers.ts'
import { measure, type Measured } from './measure.ts'
import { answerTokensMax } from './request-amounts.ts'
import type { Reservation } from './reserve.ts'
import type { CompletionCall } from './run-completion.ts'
import { splitCost } from './split-cost.ts'
import { toGatewayError } from './to-gateway-error.ts'
import { statusOf } from '../error-table.ts'

/** The ledger row of a request that reached a provider. */
export function toRecord(
  call: CompletionCall,
  route: RouteEntry,
  reservation: Reservation,
  dispatched: Dispatched,
  endedAtMs: number,
): UsageRecord {
  const { answer, state, outcome, candidate } = dispatched
  const measured = measure({
    usage: answer?.usage ?? state?.usage,
    refused: dispatched.refused,
    outputBytes:
      state?.outputBytes ?? (answer !== undefined && 'outputBytes' in answer ? answer.outputBytes : 0),
    inputTokensHeld: reservation.inputTokens,
    outputTokensHeld:
      answerTokensMax(reservation.bounds, candidate.offering, candidate.outputTokens) * reservation.choices,
  })
  const finishReason =
    state?.finishReason ??
    (answer !== undefined && 'finishReason' in answer ? answer.finishReason : undefined)
  const final = outcome.kind === 'answered' || outcome.kind === 'streamed' || dispatched.refused
  return {
    ...identity(call, route, reservation, candidate),
    ...booked(call, reservation, candidate, { ...measured, final }),
    attempts: dispatched.attempts,
    firstTokenAtMs: dispatched.firstByteAtMs,
    endedAtMs,
    upstreamId: answer?.upstreamId ?? state?.upstreamId,
    status: outcome.kind === 'failed' ? 'error' : outcome.kind === 'cancelled' ? 'cancelled' : 'ok',
    errorKind: dispatched.error?.kind,
    httpStatus: httpStatusOf(dispatched),
    finishReason,
    maxTokensClamped: clampedTo(reservation, dispatched),
  }
}

/** What is booked should the process die during the call: the prompt was read, the rest is not known. */
export function toOpening(
  call: CompletionCall,
  route: RouteEntry,
  reservation: Reservation,
  candidate: Candidate,
  attempts: readonly Attempt[],
  atMs: number,
): Opening {
  const { account, name } = candidate.offering
  const measured: Measured = {
    usage: { inputTokens: reservation.inputTokens },
    totalTokens: reservation.inputTokens,
    source: 'interrupted',
  }
  const running: Attempt = {
    account: account.name,
    offering: name,
    provider: account.provider,
    startedAtMs: atMs,
    durationMs: 0,
    outcome: 'interrupted',
  }
  return {
    record: {
      ...identity(call, route, reservation, candidate),
      ...booked(call, reservation, candidate, measured),
      attempts: [...attempts, running],
      firstTokenAtMs: undefined,
      endedAtMs: atMs,
      upstreamId: undefined,
      status: 'interrupted',
      errorKind: undefined,
      httpStatus: undefined,
      finishReason: undefined,
      maxTokensClamped: undefined,
    },
  }
}

function identity(call: CompletionCall, route: RouteEntry, reservation: Reservation, candidate: Candidate) {
  const { key } = call
  const { offering } = candidate
  return {
    requestId: call.requestId,
    // The moment of the reservation decides the window on the counters, so it does in the ledger.
    startedAtMs: reservation.atMs,
    teamId: key.team.id,
    teamName: key.team.name,
    keyId: key.id,
    keyName: key.name,
    memberId: key.memberId,
    endUser: call.request.endUser,
    endpoint: call.endpoint,
    stream: call.request.stream,
    model: route.model,
    offeringId: offering.id,
    accountId: offering.account.id,
    accountName: offering.account.name,
    provider: offering.account.provider,
    upstreamModel: offering.upstreamModel,
    reservedTokens: reservation.tokens,
    inputBoundTokens: reservation.inputTokens,
    softQuotasPassed: reservation.softQuotasPassed,
  }
}

function booked(call: CompletionCall, reservation: Reservation, candidate: Candidate, measured: Measured) {
  const { account } = candidate.offering
  const price = priceAt(candidate.offering, reservation.atMs)
  const thinking = asksThinking(account.provider, call.request.body)
  const split = splitCost({ ...measured, thinking }, price, candidate.grant, reservation.atMs)
  return {
    ...measured.usage,
    inputTokens: measured.usage.inputTokens,
    cachedInputTokens: measured.usage.cachedInputTokens,
    cacheWriteTokens: measured.usage.cacheWriteTokens,
    outputTokens: measured.usage.outputTokens,
    reasoningTokens: measured.usage.reasoningTokens,
    totalTokens: measured.totalTokens,
    thinking,
    usageSource: measured.source,
    reservedCostNanos: candidate.worstCostNanos ?? reservation.costNanos,
    priceVersionId: price?.versionId,
    priceTier: split.tier,
    currency: price?.currency ?? call.snapshot.currency,
    listCostNanos: split.listCostNanos,
    billedCostNanos: split.billedCostNanos,
    grantId: candidate.grant?.grant.id,
    grantAmount: split.grantAmount,
  }
}

/** A bound that goes out for another reason (the model's own cap, a budget for its thinking) shortens nothing. */
function clampedTo({ bounds }: Reservation, { candidate, maxTokensSent }: Dispatched): number | undefined {
  const whole = Math.min(bounds.outputTokens, candidate.offering.maxOutputTokens ?? bounds.outputTokens)
  return maxTokensSent !== undefined && maxTokensSent < whole ? maxTokensSent : undefined
}

function httpStatusOf({ outcome, error, told }: Dispatched): number | undefined {
  if (outcome.kind === 'cancelled') return undefined
  return error === undefined || (outcome.kind === 'failed' && outcome.committed)
    ? 200
    : statusOf((told ?? toGatewayError(error)).code)
}

import { v7 as uuidv7 } from 'uuid'
import type { ProviderErrorKind } from '@tollgate/adapters/contract'
import type { Measured } from '../../domain/completion/measure.ts'
import { splitCost, type SplitCost } from '../../domain/completion/split-cost.ts'
import type { GrantEntry, PriceEntry } from '../../domain/snapshot/snapshot.ts'
import type { Attempt, UsageRecord } from '../../ports/usage-record.ts'
import { scaleDraft, type Draft } from './draft-requests.ts'
import type { SeededRandom } from './seeded-random.ts'

/** What the drafts name, as it is in the database. */
export interface DemoIndex {
  readonly currency: string
  /** By `account/model`. */
  readonly offerings: ReadonlyMap<string, DemoOffering>
  /** By `account/grant`. */
  readonly grants: ReadonlyMap<string, GrantEntry>
  /** By `team/key`. */
  readonly keys: ReadonlyMap<string, DemoKeyRow>
}

export interface DemoOffering {
  readonly id: string
  readonly name: string
  readonly upstreamModel: string
  readonly accountId: string
  readonly accountName: string
  readonly provider: string
  readonly price: PriceEntry | undefined
}

export interface DemoKeyRow {
  readonly id: string
  readonly name: string
  readonly teamId: string
  readonly teamName: string
  readonly memberId: string | undefined
}

/** Ledger rows of the drafts, priced and paid by the same rules as requests that really happen. */
export function bookDrafts(random: SeededRandom, drafts: readonly Draft[], index: DemoIndex): UsageRecord[] {
  const factors = scalingFactors(drafts, index)
  return drafts.map((draft) => book(random, scaleDraft(draft, factors.get(draft.stream) ?? 1), index))
}

/** By how much the requests of a stream must grow or shrink for its grant to be used as planned. */
function scalingFactors(drafts: readonly Draft[], index: DemoIndex): ReadonlyMap<Draft['stream'], number> {
  const used = new Map<Draft['stream'], bigint>()
  for (const draft of drafts)
    used.set(draft.stream, (used.get(draft.stream) ?? 0n) + (costOf(draft, index).grantAmount ?? 0n))
  return new Map(
    [...used].flatMap(([stream, sum]) => {
      const grant = grantOf(stream, index)
      if (grant === undefined || stream.grantUsed === undefined || sum === 0n) return []
      return [[stream, (Number(grant.amount) * stream.grantUsed) / Number(sum)] as const]
    }),
  )
}

function book(random: SeededRandom, draft: Draft, index: DemoIndex): UsageRecord {
  const offering = need(index.offerings, draft.stream.offering)
  const key = need(index.keys, draft.key)
  const measured = measuredOf(draft)
  const split = costOf(draft, index)
  const failed = draft.fate === 'error'
  const error = failed ? random.pickWeighted(errors) : undefined
  const embedding = draft.stream.output === 0
  const firstMs = Math.round(random.between(180, 900) + draft.reasoningTokens * 9)
  const durationMs =
    Math.round(firstMs + draft.outputTokens * random.between(9, 22)) * (error?.kind === 'timeout' ? 9 : 1)
  const requestId = uuidv7({
    msecs: draft.atMs,
    random: random.bytes(16),
    seq: Math.floor(random.next() * 2 ** 31),
  })
  return {
    requestId,
    startedAtMs: draft.atMs,
    firstTokenAtMs: failed ? undefined : draft.atMs + (draft.streamed ? firstMs : durationMs - 4),
    endedAtMs: draft.atMs + durationMs,
    teamId: key.teamId,
    teamName: key.teamName,
    keyId: key.id,
    keyName: key.name,
    memberId: key.memberId,
    endUser: key.name === 'helpdesk' ? `agent-${Math.floor(random.between(1, 24))}` : undefined,
    endpoint: embedding ? 'embeddings' : 'chat.completions',
    stream: draft.streamed,
    model: draft.stream.model ?? offering.name,
    offeringId: offering.id,
    accountId: offering.accountId,
    accountName: offering.accountName,
    provider: offering.provider,
    upstreamModel: offering.upstreamModel,
    upstreamId: failed ? undefined : `chatcmpl-${Buffer.from(random.bytes(12)).toString('hex')}`,
    attempts: attemptsOf(random, draft, offering, { durationMs, error }),
    status: failed ? 'error' : draft.fate === 'cancelled' ? 'cancelled' : 'ok',
    errorKind: error?.kind,
    httpStatus: draft.fate === 'cancelled' ? undefined : (error?.status ?? 200),
    finishReason:
      embedding || draft.fate === 'cancelled' || failed ? undefined : random.pickWeighted(finishes).reason,
    ...measured.usage,
    inputTokens: measured.usage.inputTokens,
    cachedInputTokens: measured.usage.cachedInputTokens,
    cacheWriteTokens: undefined,
    outputTokens: measured.usage.outputTokens,
    reasoningTokens: measured.usage.reasoningTokens,
    totalTokens: measured.totalTokens,
    usageSource: measured.source,
    reservedTokens: Math.ceil(measured.totalTokens * 1.4) + (embedding ? 0 : 1_024),
    inputBoundTokens: Math.ceil((measured.usage.inputTokens ?? 0) * 1.4),
    reservedCostNanos: ((split.listCostNanos ?? 0n) * 9n) / 4n,
    maxTokensClamped: undefined,
    priceVersionId: offering.price?.versionId,
    priceTier: split.tier,
    currency: offering.price?.currency ?? index.currency,
    listCostNanos: split.listCostNanos,
    billedCostNanos: split.billedCostNanos,
    grantId: grantOf(draft.stream, index)?.id,
    grantAmount: split.grantAmount,
    softQuotasPassed: [],
  }
}

function measuredOf(draft: Draft): Measured {
  // Refused by the provider: nothing was read, nothing written, nothing paid.
  if (draft.fate === 'error')
    return { usage: { inputTokens: 0, outputTokens: 0 }, totalTokens: 0, source: 'provider' }
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = draft
  return {
    usage: {
      inputTokens,
      ...(cachedInputTokens > 0 ? { cachedInputTokens } : {}),
      ...(draft.stream.output > 0 ? { outputTokens } : {}),
      ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
    },
    totalTokens: inputTokens + cachedInputTokens + outputTokens + reasoningTokens,
    source: draft.fate === 'ok' ? 'provider' : 'estimated',
  }
}

function costOf(draft: Draft, index: DemoIndex): SplitCost {
  const offering = need(index.offerings, draft.stream.offering)
  const grant = grantOf(draft.stream, index)
  // Every request of the month was held on its grant in full.
  const hold = grant === undefined ? undefined : { grant, amount: grant.amount }
  return splitCost(measuredOf(draft), offering.price, hold, draft.atMs)
}

function grantOf(stream: Draft['stream'], index: DemoIndex): GrantEntry | undefined {
  if (stream.grant === undefined) return undefined
  return need(index.grants, `${stream.offering.slice(0, stream.offering.indexOf('/'))}/${stream.grant}`)
}

function attemptsOf(
  random: SeededRandom,
  draft: Draft,
  offering: DemoOffering,
  end: { readonly durationMs: number; readonly error: (typeof errors)[number] | undefined },
): Attempt[] {
  const outcome = end.error?.kind ?? (draft.fate === 'cancelled' ? 'cancelled' : 'ok')
  const served: Attempt = {
    account: offering.accountName,
    offering: offering.name,
    provider: offering.provider,
    startedAtMs: draft.atMs,
    durationMs: end.durationMs,
    outcome,
    ...(end.error === undefined ? {} : { message: end.error.message }),
  }
  if (draft.stream.model !== 'smart' || !random.chance(0.03)) return [served]
  // The route had an offering before this one, which had no room.
  const before: Attempt = {
    account: 'qianfan-main',
    offering: 'ernie-4.5-turbo-128k',
    provider: 'qianfan',
    startedAtMs: draft.atMs,
    durationMs: 140,
    outcome: 'rate_limited',
    upstreamCode: 'rpm_rate_limit_exceeded',
    message: 'Rate limit reached for RPM',
  }
  return [before, { ...served, startedAtMs: draft.atMs + 140, durationMs: Math.max(0, end.durationMs - 140) }]
}

const errors: readonly [ErrorKind, ...ErrorKind[]] = [
  { kind: 'rate_limited', status: 429, weight: 5, message: 'Too many requests, try again later.' },
  { kind: 'overloaded', status: 503, weight: 3, message: 'The model is overloaded.' },
  { kind: 'timeout', status: 504, weight: 2, message: 'No answer within the time.' },
  { kind: 'content_filter', status: 400, weight: 2, message: 'The input was refused by moderation.' },
  { kind: 'upstream_error', status: 502, weight: 1, message: 'Internal error.' },
]

interface ErrorKind {
  readonly kind: ProviderErrorKind
  readonly status: number
  readonly weight: number
  readonly message: string
}

const finishes: readonly [Finish, ...Finish[]] = [
  { reason: 'stop', weight: 86 },
  { reason: 'tool_calls', weight: 8 },
  { reason: 'length', weight: 6 },
]

interface Finish {
  readonly reason: string
  readonly weight: number
}

function need<Value>(map: ReadonlyMap<string, Value>, name: string): Value {
  const value = map.get(name)
  if (value === undefined) throw new Error(`the demo has no ${name}`)
  return value
}

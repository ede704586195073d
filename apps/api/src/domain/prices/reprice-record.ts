import { splitCost, type CoveredBy } from '../completion/split-cost.ts'
import type { GrantUnit, PriceEntry } from '../snapshot/snapshot.ts'
import { divideRoundingUp } from './price-usage.ts'

/** What a record says about its request that a price can make something of. */
export interface PricedRecord {
  readonly startedAtMs: number
  readonly inputTokens: number | undefined
  readonly cachedInputTokens: number | undefined
  readonly cacheWriteTokens: number | undefined
  readonly outputTokens: number | undefined
  readonly reasoningTokens: number | undefined
  readonly totalTokens: number
  readonly thinking: boolean | undefined
  readonly listCostNanos: bigint | undefined
  readonly billedCostNanos: bigint
  /** The grant that paid; its unit is `undefined` when the grant has been deleted since. */
  readonly grant: { readonly unit: GrantUnit | undefined; readonly amount: bigint } | undefined
}

export interface RecordCost {
  readonly listCostNanos: bigint | undefined
  readonly tier: number | undefined
  readonly billedCostNanos: bigint
  readonly grantAmount: bigint | undefined
}

/**
 * What a booked request costs at another price. It depends on the record alone, never on corrections made meanwhile, so
 * that correcting a price and correcting it back comes out even.
 *
 * What a grant covered stays covered: the platform took these tokens from its free quota, whatever they are worth. A
 * grant of money is the exception, since the platform took from it what the request really cost: one that paid for all
 * of it pays for all of it again; one that was emptied by this request had no more to give.
 */
export function repriceRecord(record: PricedRecord, price: PriceEntry): RecordCost {
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens } = record
  const measured = {
    usage: {
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(cachedInputTokens === undefined ? {} : { cachedInputTokens }),
      ...(cacheWriteTokens === undefined ? {} : { cacheWriteTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
      ...(reasoningTokens === undefined ? {} : { reasoningTokens }),
    },
    totalTokens: record.totalTokens,
    thinking: record.thinking,
    source: 'provider',
  } as const
  const { grant } = record
  const cover = coverOf(record)
  const split = splitCost(measured, price, cover, record.startedAtMs)
  if (grant === undefined) return split
  if (cover !== undefined) return { ...split, grantAmount: staysCovered(record, grant, split.grantAmount) }
  return { ...split, billedCostNanos: sameShare(record, split.listCostNanos), grantAmount: grant.amount }
}

/** More than the request used is booked on a grant where the provider never had its last word: that stays booked. */
function staysCovered(
  record: PricedRecord,
  grant: NonNullable<PricedRecord['grant']>,
  atNewPrice: bigint | undefined,
): bigint {
  if (grant.unit !== 'money') return grant.amount
  const unsure = record.listCostNanos !== undefined && grant.amount > record.listCostNanos
  return unsure && grant.amount > (atNewPrice ?? 0n) ? grant.amount : (atNewPrice ?? 0n)
}

function coverOf({ grant, billedCostNanos }: PricedRecord): CoveredBy | undefined {
  if (grant?.unit === undefined) return undefined
  const { unit, amount } = grant
  const paidAll = unit === 'money' && billedCostNanos === 0n
  return { grant: { unit, whenEmpty: 'provider-bills' }, amount: paidAll ? moreThanAnyCost : amount }
}

const moreThanAnyCost = 2n ** 62n

/** Nobody knows any more what the grant counted: money pays for the part that it paid for. */
function sameShare(record: PricedRecord, listCostNanos: bigint | undefined): bigint {
  const before = record.listCostNanos ?? 0n
  if (listCostNanos === undefined || before === 0n) return 0n
  return divideRoundingUp(listCostNanos * record.billedCostNanos, before)
}

import type { Quota, QuotaInput } from '../../shared/api/types.ts'
import { isAmount } from '../../shared/format/money.ts'

export const quotaMetrics: readonly Quota['metric'][] = ['tokens', 'cost', 'requests', 'concurrency']
export const quotaWindows: readonly NonNullable<Quota['window']>[] = [
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'total',
]

/** A limit as typed. */
export interface QuotaFormValues {
  metric: Quota['metric']
  window: NonNullable<Quota['window']>
  limit: string
  /** Public model or pattern; empty: all. */
  model: string
  hard: boolean
  /** Of tokens and cost only; the others are always exact. */
  guarantee: Quota['guarantee']
  /** Name of a member; empty: the whole team. */
  member: string
}

export const emptyQuota: QuotaFormValues = {
  metric: 'tokens',
  window: 'day',
  limit: '',
  model: '',
  hard: true,
  guarantee: 'exact',
  member: '',
}

/** What a new team is offered: enough to try, little enough not to hurt. */
export const suggestedQuotas: readonly QuotaFormValues[] = [
  { ...emptyQuota, metric: 'tokens', window: 'day', limit: '200000' },
  { ...emptyQuota, metric: 'cost', window: 'month', limit: '100.00' },
  { ...emptyQuota, metric: 'requests', window: 'minute', limit: '60' },
]

/** Money is a decimal amount; everything else is counted. */
export function isLimit(values: Pick<QuotaFormValues, 'metric' | 'limit'>): boolean {
  return values.metric === 'cost' ? isAmount(values.limit) : /^\d{1,15}$/.test(values.limit)
}

/** Requests are counted, never guessed: there is nothing to hold less of. */
export function mayBeBounded(metric: Quota['metric']): boolean {
  return metric === 'tokens' || metric === 'cost'
}

/** Parallelism has no window: it is a number of requests at one instant. */
export function toQuotaInput(values: QuotaFormValues): QuotaInput {
  return {
    metric: values.metric,
    ...(values.metric === 'concurrency' ? {} : { window: values.window }),
    limit: values.metric === 'cost' ? values.limit : Number(values.limit),
    hard: values.hard,
    guarantee: mayBeBounded(values.metric) ? values.guarantee : 'exact',
    ...(values.model.trim() === '' ? {} : { model: values.model.trim() }),
    ...(values.member === '' ? {} : { member: values.member }),
  }
}

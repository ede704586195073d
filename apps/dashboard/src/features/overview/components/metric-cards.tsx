import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { Overview, Totals } from '../../../shared/api/types.ts'
import { approximateMoney } from '../../../shared/format/money.ts'
import { changePercent } from '../../../shared/format/number.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { Money } from '../../../shared/ui/money.tsx'
import { Sparkline } from './sparkline.tsx'

interface CardFacts {
  readonly id: 'spend' | 'tokens' | 'requests' | 'saved'
  /** The figure as a height, for the line and for the change. */
  readonly size: (totals: Totals) => number
  readonly figure: (totals: Totals) => ReactNode
  readonly detail: (totals: Totals) => ReactNode
}

/** Spend, tokens, requests, and what the free tokens saved; each against the period before. */
export function MetricCards({ overview }: { overview: Overview }) {
  const { t } = useTranslation()
  const format = useFormat()
  const cards: readonly CardFacts[] = [
    {
      id: 'spend',
      size: (totals) => approximateMoney(totals.billedCost),
      figure: (totals) => <Money amount={totals.billedCost} />,
      detail: (totals) => (
        <>
          {t('metric.listPrice')} <Money amount={totals.listCost} />
        </>
      ),
    },
    {
      id: 'tokens',
      size: (totals) => totals.totalTokens,
      figure: (totals) => <Count value={totals.totalTokens} />,
      detail: (totals) => (
        <>
          {t('metric.input')} <Count value={totals.inputTokens + totals.cachedInputTokens} /> ·{' '}
          {t('metric.output')} <Count value={totals.outputTokens + totals.reasoningTokens} />
        </>
      ),
    },
    {
      id: 'requests',
      size: (totals) => totals.requests,
      figure: (totals) => <Count value={totals.requests} />,
      detail: (totals) =>
        totals.unpricedRequests > 0 ? (
          <span className="text-warning-foreground">
            {t('metric.unpriced', { count: totals.unpricedRequests })}
          </span>
        ) : (
          t('metric.estimated', { count: totals.estimatedRequests })
        ),
    },
    {
      id: 'saved',
      size: (totals) => approximateMoney(totals.saved),
      figure: (totals) => <Money amount={totals.saved} className="text-success-foreground" />,
      detail: (totals) => {
        const list = approximateMoney(totals.listCost)
        const share = list === 0 ? 0 : (approximateMoney(totals.saved) / list) * 100
        return t('metric.savedShare', { percent: format.percent(share) })
      },
    },
  ]
  return (
    <div className="grid grid-cols-2 gap-2.5 sm:gap-3 xl:grid-cols-4">
      {cards.map((card) => (
        <Card
          key={card.id}
          className="relative flex flex-col overflow-hidden p-3.5 sm:p-4"
          data-testid={`metric-${card.id}`}
        >
          <p className="text-[13px] text-muted-foreground">{t(`metric.${card.id}`)}</p>
          <div className="mt-1 flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
            <span
              className="text-[22px] leading-tight font-semibold tracking-tight tabular-nums sm:text-[26px]"
              data-metric-value
            >
              {card.figure(overview.totals)}
            </span>
            <Change current={card.size(overview.totals)} previous={card.size(overview.previous)} />
          </div>
          <p className="mt-1 text-xs text-muted-foreground tabular-nums">{card.detail(overview.totals)}</p>
          <Sparkline
            points={pointsOf(overview, card.size)}
            className={cn('mt-2.5 -mb-0.5 h-7 w-full', card.id === 'saved' ? 'text-free' : 'text-brand/70')}
          />
        </Card>
      ))}
    </div>
  )
}

/** Neither direction is good or bad in itself, so it has no colour. */
function Change({ current, previous }: { current: number; previous: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const change = changePercent(current, previous)
  if (current === 0 && previous === 0) return null
  return (
    <span className="text-xs font-medium text-muted-foreground tabular-nums" title={t('metric.changeHint')}>
      {change === undefined ? t('metric.new') : format.change(change)}
    </span>
  )
}

/** Sum over the models for each hour or day. */
function pointsOf(overview: Overview, size: (totals: Totals) => number): readonly number[] {
  const sums = new Map(overview.buckets.map((bucket) => [Date.parse(bucket), 0]))
  for (const row of overview.series) {
    const start = Date.parse(row.bucket)
    sums.set(start, (sums.get(start) ?? 0) + size(row))
  }
  return [...sums].sort(([a], [b]) => a - b).map(([, sum]) => sum)
}

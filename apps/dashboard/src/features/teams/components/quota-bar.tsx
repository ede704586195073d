import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { Quota } from '../../../shared/api/types.ts'
import { countdown, formatCountdown } from '../../../shared/format/countdown.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { useNow } from '../../../shared/hooks/use-now.ts'
import { Amount, useUnitName } from '../../../shared/ui/amount.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { percentOf, quotaTone, UsageBar } from '../../../shared/ui/usage-bar.tsx'

/** One limit: how much is settled and held of it, amber from 80 %, red at 100 %, and when it is free again. */
export function QuotaBar({ quota, actions }: { quota: Quota; actions?: ReactNode }) {
  const { t } = useTranslation()
  const format = useFormat()
  const unitName = useUnitName()
  const heldPercent = percentOf(quota.held, quota.limit)
  const settledPercent = percentOf(quota.settled, quota.limit)
  const usedPercent = settledPercent + heldPercent
  const isPassed = !quota.hard && usedPercent > 100
  // Red is for what refuses.
  const tone = quota.hard || usedPercent < 100 ? quotaTone(usedPercent) : 'warning'
  return (
    <div
      className="grid grid-cols-1 gap-1.5"
      data-testid="quota-bar"
      data-quota-id={quota.id}
      data-settled={quota.settled}
      data-held={quota.held}
      data-limit={quota.limit}
    >
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <div className="flex min-w-0 flex-wrap items-center gap-1.5 text-[13px]">
          <span className="font-medium">{t(`quota.metric.${quota.metric}`)}</span>
          <span className="text-muted-foreground">
            {quota.window === null ? t('quota.atOnce') : t(`quota.per.${quota.window}`)}
          </span>
          {quota.member !== null && <Badge tone="outline">{quota.member}</Badge>}
          {quota.scope === 'key' && <Badge tone="outline">{quota.keyName ?? t('quota.scopeKey')}</Badge>}
          {quota.model !== null && <Badge tone="outline">{quota.model}</Badge>}
          {!quota.hard && <Badge title={t('quota.softHint')}>{t('quota.soft')}</Badge>}
          {quota.hard && quota.guarantee === 'bounded' && (
            <Badge tone="outline" title={t('quota.guaranteeHint.bounded')}>
              {t('quota.guarantee.bounded')}
            </Badge>
          )}
          {isPassed && (
            <Badge tone="warning" data-testid="quota-passed">
              <TriangleAlert aria-hidden />
              {t('quota.passed')}
            </Badge>
          )}
        </div>
        <div className="ml-auto flex shrink-0 items-center gap-1 text-[13px] whitespace-nowrap">
          <span>
            <Amount
              value={quota.settled}
              currency={quota.currency}
              className={cn('font-semibold', tone === 'danger' && 'text-danger')}
            />
            <span className="text-muted-foreground">
              {' / '}
              <Amount value={quota.limit} currency={quota.currency} /> {unitName(quota.metric)}
            </span>
          </span>
          {actions}
        </div>
      </div>
      <UsageBar
        usedPercent={settledPercent}
        heldPercent={heldPercent}
        tone={tone}
        label={t(`quota.metric.${quota.metric}`)}
      />
      <div className="flex flex-wrap justify-between gap-x-3 text-xs text-muted-foreground tabular-nums">
        <span>
          {t('quota.left')} <Amount value={quota.left} currency={quota.currency} />
          {Number(quota.held) > 0 && (
            <>
              {' · '}
              <span className="text-warning-foreground">
                {t('grant.held')} <Amount value={quota.held} currency={quota.currency} />
              </span>
            </>
          )}
          {' · '}
          {format.percent(usedPercent)}
          {quota.hard && Number(quota.overshootBound) > 0 && (
            <>
              {' · '}
              {t('quota.overshoot')} <Amount value={quota.overshootBound} currency={quota.currency} />
            </>
          )}
        </span>
        <QuotaReset quota={quota} />
      </div>
    </div>
  )
}

/** When the whole limit is there again; minutes and hours slide, so they never begin anew. */
function QuotaReset({ quota: { window, resetsAt } }: { quota: Quota }) {
  const { t } = useTranslation()
  const format = useFormat()
  const now = useNow(5_000)
  if (resetsAt !== null) {
    return (
      <span title={format.dateTimeExact(resetsAt)}>
        {t('grant.resetsIn', { time: formatCountdown(countdown(resetsAt, now), format.locale) })}
      </span>
    )
  }
  if (window === null) return null
  return <span>{t(window === 'total' ? 'quota.never' : 'quota.slides')}</span>
}

import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'
import type { Grant } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { Amount, useUnitName } from '../../../shared/ui/amount.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { cn } from '../../../shared/ui/cn.ts'
import { percentOf, UsageBar } from '../../../shared/ui/usage-bar.tsx'
import { coversOnly } from '../grant-form.ts'
import { GrantConfidence } from './grant-confidence.tsx'
import { GrantEmptied } from './grant-emptied.tsx'
import { GrantEnd } from './grant-end.tsx'
import { GrantOutlookText } from './grant-outlook-text.tsx'

/**
 * One grant as a bar: settled, held (hatched), left. Under it how much is used, when it ends, and what the
 * present pace means for it.
 */
export function GrantBar(props: { grant: Grant; nowMs: number; actions?: ReactNode; className?: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const unitName = useUnitName()
  const { grant } = props
  const call = coversOnly(grant.covers)
  const over = grant.state === 'expired' || grant.state === 'empty'
  const held = Number(grant.held) > 0
  // Not the rounded figure of the service: the first request of a large grant is to be seen.
  const usedPercent = percentOf(grant.settled, grant.granted)
  return (
    <div
      data-testid="grant-bar"
      data-grant-id={grant.id}
      data-grant-name={grant.name}
      data-used={grant.settled}
      data-held={grant.held}
      data-left={grant.left}
      className={cn('grid grid-cols-1 gap-1.5', grant.state === 'expired' && 'opacity-60', props.className)}
    >
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <div className="flex min-w-0 items-center gap-1.5">
          <span className="truncate text-[13px] font-medium" title={grant.models.join(', ')}>
            {grant.name}
          </span>
          {call !== undefined && (
            <Badge tone="outline" title={t('grant.coversHint')}>
              {t(`grant.coversOnly.${call}`)}
            </Badge>
          )}
          <GrantConfidence confidence={grant.confidence} source={grant.source} note={grant.note} />
        </div>
        <div className="ml-auto flex shrink-0 items-center gap-1.5 text-[13px] whitespace-nowrap">
          <span>
            <Amount value={grant.left} currency={grant.currency} className="font-semibold" />
            <span className="text-muted-foreground">
              {' / '}
              <Amount value={grant.granted} currency={grant.currency} /> {unitName(grant.unit)}
            </span>
          </span>
          {props.actions}
        </div>
      </div>
      <UsageBar
        usedPercent={usedPercent}
        heldPercent={percentOf(grant.held, grant.granted)}
        tone={over ? 'muted' : 'free'}
        label={t('grant.usedOf', { name: grant.name })}
      />
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-0.5 text-xs text-muted-foreground">
        <span className="tabular-nums">
          {t('grant.used')} <Amount value={grant.settled} currency={grant.currency} /> (
          {format.percent(usedPercent)})
          {held && (
            <>
              {' · '}
              <span className="text-warning-foreground">
                {t('grant.held')} <Amount value={grant.held} currency={grant.currency} />
              </span>
            </>
          )}
          <GrantOutlookText grant={grant} nowMs={props.nowMs} />
        </span>
        <GrantEnd grant={grant} nowMs={props.nowMs} />
      </div>
      <GrantEmptied grant={grant} nowMs={props.nowMs} />
    </div>
  )
}

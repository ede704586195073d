import { Clock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { countdown, formatCountdown, type Nearness } from '../../../shared/format/countdown.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { cn } from '../../../shared/ui/cn.ts'

const tones: Readonly<Record<Nearness, string>> = {
  past: '',
  urgent: 'text-danger font-medium',
  near: 'text-warning-foreground',
  far: '',
}

/** When a grant ends, or is whole again: a countdown, with the exact time in the tooltip. */
export function GrantEnd({ grant, nowMs }: { grant: Grant; nowMs: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (grant.state === 'pending') {
    return (
      <span title={format.dateTimeExact(grant.validFrom)}>
        {t('grant.startsOn', { date: format.date(grant.validFrom) })}
      </span>
    )
  }
  if (grant.expiresAt !== null) {
    const left = countdown(grant.expiresAt, nowMs)
    const text =
      left.nearness === 'past'
        ? t('grant.expiredOn', { date: format.date(grant.expiresAt) })
        : t('grant.expiresIn', { time: formatCountdown(left, format.locale) })
    // What is empty has nothing to lose any more.
    const tone = grant.state === 'active' ? tones[left.nearness] : ''
    return (
      <span
        className={cn('inline-flex items-center gap-1 tabular-nums', tone)}
        title={format.dateTimeExact(grant.expiresAt)}
      >
        {left.nearness === 'urgent' && grant.state === 'active' && <Clock className="size-3" aria-hidden />}
        {text}
      </span>
    )
  }
  if (grant.resetsAt !== null) {
    const left = countdown(grant.resetsAt, nowMs)
    return (
      <span className="tabular-nums" title={format.dateTimeExact(grant.resetsAt)}>
        {t('grant.resetsIn', { time: formatCountdown(left, format.locale) })}
      </span>
    )
  }
  return <span>{t('grant.noEnd')}</span>
}

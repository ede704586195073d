import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useInstallation } from '../session/session.ts'
import { formatAgo } from './countdown.ts'
import { formatChange, formatCompact, formatCount, formatPercent } from './number.ts'
import { formatBucket, formatDate, formatDateTime, formatDateTimeExact, formatTimeZone } from './time.ts'

/** The formatting functions, bound to the chosen language and to the installation's time zone. */
export function useFormat() {
  const { i18n } = useTranslation()
  const { timeZone, currency } = useInstallation()
  const locale = i18n.language
  return useMemo(() => {
    const context = { locale, timeZone }
    return {
      locale,
      timeZone,
      currency,
      count: (value: number) => formatCount(value, locale),
      compact: (value: number) => formatCompact(value, locale),
      percent: (value: number) => formatPercent(value, locale),
      change: (percent: number) => formatChange(percent, locale),
      dateTime: (iso: string) => formatDateTime(iso, context),
      dateTimeExact: (iso: string) => formatDateTimeExact(iso, context),
      date: (iso: string) => formatDate(iso, context),
      bucket: (iso: string, bucket: 'hour' | 'day') => formatBucket(iso, bucket, context),
      ago: (iso: string, nowMs: number) => formatAgo(iso, nowMs, locale),
      timeZoneLabel: () => formatTimeZone(context),
    }
  }, [locale, timeZone, currency])
}

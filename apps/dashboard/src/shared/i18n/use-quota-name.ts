import { useTranslation } from 'react-i18next'

const metrics = ['tokens', 'cost', 'requests', 'concurrency'] as const
const windows = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const

/** "Tokens per day qwen-*": a limit in words. Empty for one that says nothing of itself because it is gone. */
export function useQuotaName(): (quota: { metric?: unknown; window?: unknown; model?: unknown }) => string {
  const { t } = useTranslation()
  return ({ metric, window, model }) => {
    const counted = metrics.find((each) => each === metric)
    if (counted === undefined) return ''
    const span = counted === 'concurrency' ? undefined : windows.find((each) => each === window)
    return [t(`quota.metric.${counted}`), span && t(`quota.per.${span}`), model]
      .filter((part) => typeof part === 'string' && part !== '')
      .join(' ')
  }
}

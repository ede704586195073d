import { useTranslation } from 'react-i18next'
import type { RequestRow } from '../../../shared/api/types.ts'
import { Count } from '../../../shared/ui/amount.tsx'

const buckets = [
  { field: 'inputTokens', label: 'request.bucket.input', color: 'var(--chart-1)' },
  { field: 'cachedInputTokens', label: 'request.bucket.cached', color: 'var(--chart-6)' },
  { field: 'cacheWriteTokens', label: 'request.bucket.cacheWrite', color: 'var(--chart-3)' },
  { field: 'outputTokens', label: 'request.bucket.output', color: 'var(--chart-2)' },
  { field: 'reasoningTokens', label: 'request.bucket.reasoning', color: 'var(--chart-5)' },
] as const

/** The disjoint buckets of a request's tokens, as a bar and as numbers. A bucket nobody reported is a dash, not zero. */
export function UsageBuckets({ row }: { row: RequestRow }) {
  const { t } = useTranslation()
  // Few platforms bill the writing of a cache; the others need no row for it.
  const shown = buckets.filter(({ field }) => field !== 'cacheWriteTokens' || (row[field] ?? 0) > 0)
  const whole = buckets.reduce((sum, { field }) => sum + (row[field] ?? 0), 0)
  return (
    <div className="px-3 py-2">
      <div aria-hidden className="mb-2 flex h-1.5 overflow-hidden rounded-full bg-track">
        {shown.map(({ field, color }) => (
          <span
            key={field}
            style={{ background: color, width: `${whole === 0 ? 0 : ((row[field] ?? 0) / whole) * 100}%` }}
          />
        ))}
      </div>
      <dl className="grid grid-cols-2 gap-x-5 gap-y-1">
        {shown.map(({ field, label, color }) => (
          <div key={field} className="flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-[2px]" style={{ background: color }} />
            <dt className="flex-1 text-muted-foreground">{t(label)}</dt>
            <dd>
              <Count value={row[field]} exact />
            </dd>
          </div>
        ))}
      </dl>
      <p className="mt-1.5 flex justify-between border-t pt-1.5 font-medium">
        <span>{t('common.total')}</span>
        <Count value={row.totalTokens} exact />
      </p>
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { CircleSlash } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Grant } from '../../../shared/api/types.ts'
import { useFormat } from '../../../shared/format/use-format.ts'
import { grantEntriesQuery } from '../api/grants.ts'
import { emptiedByProvider } from '../grant-entries.ts'

/** That it was the platform which said "used up", when, and in which words; nothing for a grant that we saw run empty. */
export function GrantEmptied({ grant, nowMs }: { grant: Grant; nowMs: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const isEmpty = grant.state === 'empty'
  const { data } = useQuery({ ...grantEntriesQuery(grant.id), enabled: isEmpty, staleTime: 60_000 })
  const entry = isEmpty && data !== undefined ? emptiedByProvider(data, nowMs) : undefined
  if (entry === undefined) return null
  return (
    <p
      className="flex items-start gap-1.5 text-xs text-warning-foreground"
      title={entry.reason ?? undefined}
      data-testid="grant-emptied"
    >
      <CircleSlash className="mt-0.5 size-3 shrink-0" aria-hidden />
      {t('grant.emptied', { time: format.dateTime(entry.createdAt) })}
    </p>
  )
}

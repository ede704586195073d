import { CircleCheck, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RequestDetail } from '../../../shared/api/types.ts'
import { formatDuration } from '../../../shared/format/time.ts'

/** Whom the gateway asked, in order, and what came of it. */
export function RequestAttempts({ attempts }: { attempts: RequestDetail['attempts'] }) {
  const { t } = useTranslation()
  if (attempts.length === 0) return null
  return (
    <ol aria-label={t('request.attempts')} className="grid gap-1.5 px-3 py-2">
      {attempts.map((attempt, index) => (
        <li key={index} className="flex items-center gap-2">
          {attempt.outcome === 'ok' ? (
            <CircleCheck className="size-4 shrink-0 text-free" aria-hidden />
          ) : (
            <CircleX className="size-4 shrink-0 text-danger" aria-hidden />
          )}
          <span className="min-w-0 flex-1 truncate">
            {attempt.account}/{attempt.offering}
          </span>
          <span className="text-xs text-muted-foreground">{describe(attempt)}</span>
        </li>
      ))}
    </ol>
  )
}

/** `rate_limited (429) · 310 ms`; code and duration are there when the row holds them. */
function describe(attempt: RequestDetail['attempts'][number]): string {
  const { outcome, upstreamCode, durationMs } = attempt
  const code = typeof upstreamCode === 'string' ? ` (${upstreamCode})` : ''
  return outcome + code + (typeof durationMs === 'number' ? ` · ${formatDuration(durationMs)}` : '')
}

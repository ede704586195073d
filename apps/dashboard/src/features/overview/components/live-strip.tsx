import { useTranslation } from 'react-i18next'
import type { Overview } from '../../../shared/api/types.ts'
import { Count } from '../../../shared/ui/amount.tsx'
import { cn } from '../../../shared/ui/cn.ts'

/** What goes on right now. `fresh`: the last answer of the service is not an error. */
export function LiveStrip({ live, fresh }: { live: Overview['live']; fresh: boolean }) {
  const { t } = useTranslation()
  const busy = live.inFlight > 0
  return (
    <div
      className="flex flex-wrap items-center gap-x-5 gap-y-1 text-[13px] text-muted-foreground [&_b]:font-semibold [&_b]:text-foreground [&_b]:tabular-nums"
      data-testid="live-strip"
    >
      <span className="flex items-center gap-2">
        <span className="relative flex size-2" aria-hidden>
          {busy && fresh && (
            <span className="absolute inline-flex size-full animate-ping rounded-full bg-free opacity-60" />
          )}
          <span className={cn('relative inline-flex size-2 rounded-full', fresh ? 'bg-free' : 'bg-danger')} />
        </span>
        {fresh ? t('live.label') : t('live.stale')}
      </span>
      <span>
        {t('live.inFlight')}{' '}
        <b data-testid="live-in-flight">
          <Count value={live.inFlight} />
        </b>
      </span>
      <span>
        {t('live.held')}{' '}
        <b data-testid="live-held">
          <Count value={live.heldTokens} />
        </b>
      </span>
      <span>
        {t('live.lastMinute')}{' '}
        <b data-testid="live-last-minute">
          <Count value={live.requestsLastMinute} />
        </b>
      </span>
    </div>
  )
}
